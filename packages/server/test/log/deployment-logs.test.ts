import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fakeClock } from '@fairway/core/testing'
import { expect, onTestFinished, test } from 'vitest'
import { deploymentLogs } from '../../src/log/deployment-logs.ts'
import { redact } from '../../src/log/redact.ts'

const secret = 'a secret of the shop'
const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}`

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'fairway-logs-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function open(directory: string, limit?: number) {
  const failures: string[] = []
  const logs = deploymentLogs({
    directory,
    clock: fakeClock(),
    redact: (text) => redact(text, [secret]),
    onFailure: (message) => failures.push(message),
    ...(limit === undefined ? {} : { limit }),
  })
  return { logs, failures }
}

test('holds what was said and printed, masked and harmless, for its owner alone', async () => {
  const directory = folder()
  const { logs } = open(directory)
  const opened = logs.open('d-1')
  opened.log.info('Pulling')
  opened.log.error(`Cannot build\nlast line with ${secret}`)
  opened.output(`#5 echo ${secret}`)
  opened.output('\u001b[2Jgone\n2026-01-31 12:00:00,000 - INFO - forged')
  const { text = '', next = 0 } = (await logs.read('d-1')) ?? {}
  expect(text.split('\n')).toEqual([
    expect.stringMatching(new RegExp(`^${time} - INFO - Pulling$`)),
    expect.stringMatching(new RegExp(`^${time} - ERROR - Cannot build$`)),
    '    last line with ***',
    expect.stringMatching(new RegExp(String.raw`^${time} \| #5 echo \*\*\*$`)),
    expect.stringMatching(
      new RegExp(String.raw`^${time} \| \\x1b\[2Jgone 2026-01-31 12:00:00,000 - INFO - forged$`),
    ),
    '',
  ])
  expect(statSync(join(directory, 'logs/d-1.log')).mode & 0o777).toBe(0o600)
  expect(statSync(join(directory, 'logs')).mode & 0o777).toBe(0o700)
  opened.log.info('more')
  expect(await logs.read('d-1', next)).toMatchObject({ text: expect.stringMatching(/ - more\n$/) as string })
  opened.close()
})

test('half a line is not read before the rest of it is there', async () => {
  const directory = folder()
  const { logs } = open(directory)
  logs.open('d-1').close()
  writeFileSync(join(directory, 'logs/d-1.log'), 'whole\nhal')
  expect(await logs.read('d-1')).toEqual({ text: 'whole\n', next: 6 })
  expect(await logs.read('d-1', 6)).toEqual({ text: '', next: 6 })
})

test('output ends at the limit, which is said once; what Fairway itself says goes on, in the next attempt too', async () => {
  const { logs } = open(folder(), 300)
  const first = logs.open('d-1')
  for (let i = 0; i < 100; i++) first.output(`line ${i} of a build`)
  first.log.error('it failed')
  first.close()
  const second = logs.open('d-1')
  second.output('more of it')
  second.log.info('attempt 2')
  second.close()
  const { text = '' } = (await logs.read('d-1')) ?? {}
  expect(text.match(/This log has reached 300 bytes/g)).toHaveLength(1)
  expect(text.match(/of a build/g)?.length).toBeLessThan(10)
  expect(text).toMatch(/it failed\n.*attempt 2\n$/)
})

test('F7: a log that cannot be written is told once, and fails nothing', () => {
  const directory = folder()
  writeFileSync(join(directory, 'logs'), 'in the way')
  const { logs, failures } = open(directory)
  const opened = logs.open('d-1')
  opened.log.info('one')
  opened.output('two')
  opened.close()
  expect(failures).toEqual([expect.stringContaining('Cannot write the log of deployment d-1')])
})

test.each(['../server', 'a/b', '', '.', 'x'.repeat(65), 'a\0b', 'x.log'])(
  'S30: %j is no id, whatever lies there',
  async (id) => {
    const directory = folder()
    const { logs } = open(directory)
    expect(await logs.read(id)).toBeUndefined()
    expect(() => logs.open(id)).toThrow('no id of a deployment')
  },
)

test('forgets those that nobody wrote to for long, and those of deployments that are forgotten', async () => {
  const directory = folder()
  const { logs } = open(directory)
  for (const id of ['old', 'young', 'gone']) logs.open(id).close()
  const now = fakeClock().now().getTime() / 1_000
  utimesSync(join(directory, 'logs/old.log'), now - 101, now - 101)
  utimesSync(join(directory, 'logs/young.log'), now - 99, now - 99)
  await logs.remove(['gone', 'never-there'])
  expect(await logs.prune(100_000)).toBe(1)
  expect(await logs.read('old')).toBeUndefined()
  expect(await logs.read('gone')).toBeUndefined()
  expect(readFileSync(join(directory, 'logs/young.log'), 'utf8')).toBe('')
  expect(await open(folder()).logs.prune(0)).toBe(0)
})
