import { expect, test } from 'vitest'
import { fairway, inProcess, secret } from './support.ts'
import { journalFolder } from './support/journal.ts'

const environment = { GITHUB_WEBHOOK_SECRET: secret }

test('logs prints what there is', async () => {
  const { directory, run, logs } = await journalFolder()
  const { id } = await run('delivery-0001')
  const log = logs.open(id)
  log.log.info('Pulling latest code for shop')
  log.output('From origin')
  const { exitCode, stdout } = await inProcess(['logs', id], { directory, environment })
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^\S+ \S+ - INFO - Pulling latest code for shop\n\S+ \S+ \| From origin\n$/)
  const json = await inProcess(['logs', id, '--json'], { directory, environment })
  expect(JSON.parse(json.stdout)).toMatchObject({
    id,
    app: 'shop',
    status: 'in_progress',
    log: [expect.stringContaining('Pulling') as string, expect.stringContaining('| From origin') as string],
  })
})

test('of one that has not begun there is none', async () => {
  const { directory, deliver } = await journalFolder()
  const { id } = await deliver('delivery-0001')
  const { exitCode, stdout, stderr } = await inProcess(['logs', id], { directory, environment })
  expect([exitCode, stdout]).toEqual([0, ''])
  expect(stderr).toMatch(/^There is no log of deployment \S{8} of shop, which is queued\.\n$/)
})

test('logs --follow shows what comes and ends with the final state and 0', async () => {
  const { directory, run, logs, journal } = await journalFolder()
  const { id } = await run('delivery-0001')
  const log = logs.open(id)
  log.log.info('one')
  const seen: string[] = []
  const { exitCode, stdout } = await fairway(['logs', id, '--follow'], {
    directory,
    environment,
    output(line) {
      seen.push(line)
      if (line.endsWith('one')) log.log.info('two')
      if (line.endsWith('two')) {
        log.output('three')
        void journal.ended(id, { status: 'failure', reason: 'web exited with 1', commit: null })
      }
    },
  })
  expect(exitCode).toBe(0)
  const said = stdout.trimEnd().split('\n')
  expect(said.slice(0, -1).map((line) => line.replace(/^\S+ \S+ /, ''))).toEqual([
    '- INFO - one',
    '- INFO - two',
    '| three',
  ])
  expect(said.at(-1)).toMatch(/^Deployment \S{8} of shop: failure after \d+ s: web exited with 1$/)
})

test('logs --follow goes over to the newer deployment that took the place of this one', async () => {
  const { directory, deliver, journal, logs } = await journalFolder()
  const older = await deliver('delivery-0001')
  const newer = await deliver('delivery-0002')
  logs.open(newer.id).log.info('the newer one')
  await journal.next(new Set())
  await journal.started(newer.id)
  await journal.ended(newer.id, { status: 'success', reason: null, commit: null })
  const { exitCode, stdout } = await inProcess(['logs', older.id, '-f'], { directory, environment })
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/of shop: superseded: superseded by .*\n.*the newer one\nDeployment .* success/)
})

test('Ctrl-C ends following with 130', async () => {
  const { directory, run, logs } = await journalFolder()
  const { id } = await run('delivery-0001')
  logs.open(id).log.info('one')
  let pid = 0
  const { exitCode } = await fairway(['logs', id, '-f'], {
    directory,
    environment,
    started: (started) => (pid = started),
    output: () => process.kill(pid, 'SIGINT'),
  })
  expect(exitCode).toBe(130)
})

test.each([
  ['too short an id', 'abc', 'There is no deployment abc;'],
  [
    'an unknown id',
    'ffffffff',
    'There is no deployment ffffffff; fairway deployments lists those that are kept',
  ],
  ['a path', '../../etc/passwd', 'There is no deployment ../../etc/passwd'],
  ['an escape sequence', '\u001b[2J1234', String.raw`There is no deployment \x1b[2J1234`],
  ['an app', 'shop', 'shop is an app, not a deployment; its newest deployment is '],
])('%s exits 2', async (_, given, said) => {
  const { directory, run } = await journalFolder()
  await run('delivery-0001', {})
  const { exitCode, stderr } = await inProcess(['logs', given], { directory, environment })
  expect(exitCode).toBe(2)
  expect(stderr).toContain(said)
})

test('a part of an id is enough where it is the only one; several are named', async () => {
  const { directory, journal } = await journalFolder()
  for (const id of ['aaaa1111', 'aaaa2222', 'bbbb3333'])
    await journal.accept({ id, event: 'ping', skipped: 'ping' })
  const replay = (id: string) => inProcess(['replay', id], { directory, environment })
  expect(await replay('bbbb')).toMatchObject({ exitCode: 0, stderr: 'Nothing to deploy: ping\n' })
  expect(await replay('3333')).toMatchObject({ exitCode: 0 })
  const several = await replay('aaaa')
  expect(several.exitCode).toBe(2)
  expect(several.stderr).toMatch(/Several ids start or end with aaaa: aaaa\d{4}, aaaa\d{4}\n/)
  const mistyped = await replay('bbbc3333')
  expect(mistyped.exitCode).toBe(2)
  expect(mistyped.stderr).toContain('There is no delivery bbbc3333 (did you mean bbbb3333?)')
})
