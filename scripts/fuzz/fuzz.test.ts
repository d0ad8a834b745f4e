import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkAnswer, checkLine } from './check.ts'
import { fuzz } from './fuzz.ts'
import { makeInput } from './inputs.ts'
import { random } from './random.ts'
import { secret } from './world.ts'

test('3,000 seeded inputs: no 5xx, no crash, no child process, memory bounded, nothing given away', async () => {
  const { failures, children, statuses, kinds, deployCalls, heap, rss } = await fuzz({
    seed: 4,
    inputs: 3_000,
  })
  expect(failures).toEqual([])
  expect(children).toBe(0)
  expect(heap.after - heap.before).toBeLessThan(50)
  expect(rss.most - rss.before).toBeLessThan(400)
  // They got everywhere: past the door, into deployments, and to each refusal.
  expect(deployCalls).toBeGreaterThan(10)
  expect([...statuses.keys()]).toEqual(
    expect.arrayContaining(['200', '202', '303', '400', '401', '404', '405', '415']),
  )
  expect([...kinds.values()].every((count) => count > 5)).toBe(true)
})

test('the same seed throws the same', () => {
  const inputs = (seed: number) => Array.from({ length: 200 }, (_, index) => makeInput(random(seed, index)))
  expect(inputs(7)).toEqual(inputs(7))
  expect(inputs(7)).not.toEqual(inputs(8))
})

test('what must not be is found', () => {
  const input = { kind: 'x', method: 'POST', path: '/webhook', headers: [], body: new Uint8Array() }
  const signature = createHmac('sha256', secret).update(input.body).digest('hex')
  const found = (answer: Partial<Parameters<typeof checkAnswer>[0]>) =>
    checkAnswer({ status: 200, headers: '', body: '', ...answer }, input)
  expect(found({})).toEqual([])
  expect(found({ status: 500, body: '{"detail":"x"}' })).toEqual(['answered 500'])
  expect(found({ status: 400, body: 'Bad Request' })).toEqual(['400 without detail: Bad Request'])
  expect(found({ headers: `x: ${secret}` })).toEqual(['told the secret'])
  expect(found({ body: `expected ${signature}` })).toEqual(['told the right signature'])
  expect(found({ body: 'Error\n    at run (/srv/x.ts:1:2)' })).toEqual(['told where in the code'])
  expect(checkLine('2026-01-31 12:00:00,000 - INFO - fine')).toEqual([])
  for (const line of [
    secret,
    'a\u001b[2J',
    'a\u202eb',
    'a\rb',
    'Unexpected error in GET /',
    'x'.repeat(5_000),
  ]) {
    expect(checkLine(line)).toHaveLength(1)
  }
})
