import { expect, test } from 'vitest'
import { front, type Front } from './support.ts'

type Made = readonly { readonly id: string; readonly status: string }[]
const ids = (body: Record<string, unknown>): readonly string[] =>
  (body['deployments'] as Made).map(({ id }) => id)

/** Holds deployments up in their first look at the remote until it is called. */
function hold({ git }: Front): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  const fetch = git.fetch.bind(git)
  Object.assign(git, { fetch: (...args: Parameters<typeof fetch>) => promise.then(() => fetch(...args)) })
  return resolve
}

test('V17: sent twice at once, while queued, while it runs and after its success: one deployment', async () => {
  const to = front()
  const open = hold(to)
  const [first, second] = await Promise.all([to.post({ id: 'twice' }), to.post({ id: 'twice' })])
  expect(new Set([first.status, second.status])).toEqual(new Set([200, 202]))
  const whileRunning = await to.post({ id: 'twice' })
  open()
  await to.settled()
  const after = await to.post({ id: 'twice' })
  for (const again of [whileRunning, after]) {
    expect(again).toMatchObject({ status: 200, body: { duplicate: true } })
    expect(ids(again.body)).toEqual(ids(first.body))
  }
  expect(after.body).toMatchObject({ deployments: [{ status: 'success' }] })
  expect(await to.journal.deployments()).toHaveLength(1)
  expect(to.compose.calls).toEqual(['up shop web'])
})

test('V17: one that was superseded is answered for by the newer one', async () => {
  const to = front()
  const open = hold(to)
  await to.post({ id: 'running' })
  await to.post({ id: 'older' })
  await to.post({ id: 'newer' })
  expect(await to.post({ id: 'older' })).toMatchObject({
    status: 200,
    body: { duplicate: true, deployments: [{ status: 'superseded' }] },
  })
  open()
  await to.settled()
})

test('V18: one that failed is deployed again when its host sends it again, under the same id', async () => {
  const to = front()
  to.compose.fail('up')
  const first = await to.post({ id: 'again' })
  await to.settled()
  expect((await to.journal.deployments())[0]).toMatchObject({ status: 'failure' })
  to.compose.mend('up')
  const again = await to.post({ id: 'again' })
  expect(again.status).toBe(202)
  expect(again.body).not.toHaveProperty('duplicate')
  expect(ids(again.body)).not.toEqual(ids(first.body))
  await to.settled()
  expect((await to.journal.deployments())[0]).toMatchObject({ status: 'success', delivery: 'again' })
})

test('V18: one that could not be stored is a new one when it is sent again', async () => {
  const to = front()
  const accept = to.journal.accept.bind(to.journal)
  Object.assign(to.journal, { accept: () => Promise.reject(new Error('disk full')) })
  const lost = await to.post({ id: 'lost' })
  expect(lost).toMatchObject({ status: 503, body: { detail: 'The delivery could not be stored' } })
  expect(lost.headers.get('retry-after')).toBe('30')
  expect(to.lines.at(-1)).toContain('disk full')
  Object.assign(to.journal, { accept })
  expect((await to.post({ id: 'lost' })).status).toBe(202)
  await to.settled()
})
