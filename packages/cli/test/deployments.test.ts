import { DatabaseSync } from 'node:sqlite'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { widthOf } from '../src/display/width.ts'
import { fairway, folder, inProcess, secret } from './support.ts'
import { commit, journalFolder, twoApps } from './support/journal.ts'

const environment = { GITHUB_WEBHOOK_SECRET: secret }

test('a deployment is shown with its commit, who made it, and why it ended', async () => {
  const { directory, run, close } = await journalFolder()
  const { id } = await run('delivery-0001', {
    status: 'failure',
    reason: 'The container web exited with 1\nmore',
  })
  await close()
  const { exitCode, stdout, stderr } = await fairway(['deployments'], { directory, environment })
  expect([exitCode, stderr]).toEqual([0, ''])
  const [titles, row] = stdout.split('\n')
  expect(titles).toMatch(/^ID +APP +STATUS +AGE +CREATED +COMMIT +SUBJECT +AUTHOR +REASON$/)
  expect(row).toMatch(
    new RegExp(
      `^(${id.slice(0, 8)}|${id.slice(-8)})  shop  failure  (just now|\\d+ s ago) +20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d  c0ffee0  Fix it +Ada +The container web exited with 1$`,
    ),
  )
})

test('--json prints the records of INTERFACE and nothing else, newest first', async () => {
  const { directory, run, journal } = await journalFolder()
  const first = await run('delivery-0001', {})
  const second = await journal.request({ app: 'blog', push: manual, reason: 'asked for by ada' })
  const { stdout, stderr } = await fairway(['deployments', '--json'], { directory, environment })
  expect(stderr).toBe('')
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string
  expect(JSON.parse(stdout)).toStrictEqual([
    {
      id: second.id,
      app: 'blog',
      status: 'queued',
      reason: 'asked for by ada',
      commit: null,
      attempt: 1,
      delivery: null,
      createdAt: time,
      startedAt: null,
      endedAt: null,
      steps: [],
      plan: null,
    },
    {
      id: first.id,
      app: 'shop',
      status: 'success',
      reason: null,
      commit,
      attempt: 1,
      delivery: 'delivery-0001',
      createdAt: time,
      startedAt: time,
      endedAt: time,
      steps: [{ name: 'lockCheckout', status: 'success', durationMs: 1.5 }],
      plan: null,
    },
  ])
})

test('the plan is shown in a few words, and whole with --json; while it runs, too', async () => {
  const { directory, run, journal } = await journalFolder()
  const plan = {
    app: 'shop',
    commit,
    services: [
      { service: 'web', action: 'build', because: ['web/index.html changed in build context web'] },
      { service: 'db', action: 'keep', because: [] },
    ],
  } as const
  await run('delivery-0001', { plan, left: [{ service: 'web', id: 'web-1', image: 'sha256:web' }] })
  const show = async (...args: readonly string[]): Promise<string> =>
    (await inProcess(args, { directory, environment })).stdout
  expect(await show('deployments')).toMatch(/ PLAN\n.* built web, kept 1\n/)
  const [record] = JSON.parse(await show('deployments', '--json')) as readonly object[]
  expect(record).toMatchObject({ plan })
  expect(record).not.toHaveProperty('containers')
  expect(await show('status', 'shop')).toMatch(/last +success .*: built web, kept 1\n/)
  const { id } = await run('delivery-0002')
  await journal.planned(id, plan)
  expect(await show('deployments')).toMatch(/ in_progress .* build web, keep 1\n/)
  expect(await show('status', 'shop')).toMatch(/unfinished .*: build web, keep 1\n/)
})

const manual = { repository: 'acme/blog', ref: 'HEAD', pusher: 'ada', manual: {} } as const

test('deliveries --json: with what each made, or why nothing', async () => {
  const { directory, run, journal } = await journalFolder()
  const { id } = await run('delivery-0001', {})
  await journal.accept({ id: 'delivery-0002', event: 'ping', skipped: 'ping' })
  const { stdout } = await fairway(['deliveries', '--json'], { directory, environment })
  const nothing = { repository: null, ref: null, before: null, after: null }
  const receivedAt = expect.any(String) as string
  expect(JSON.parse(stdout)).toStrictEqual([
    { id: 'delivery-0002', receivedAt, event: 'ping', ...nothing, deployments: [], skipped: 'ping' },
    {
      id: 'delivery-0001',
      receivedAt,
      event: 'push',
      repository: 'acme/shop',
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after: commit,
      deployments: [id],
      skipped: null,
    },
  ])
  const table = await fairway(['deliveries'], { directory, environment })
  expect(table.stdout).toMatch(/delivery-0002 .* ping .* none: ping\n/)
  expect(table.stdout).toMatch(/delivery-0001 .* push +acme\/shop +main +c0ffee0 +\S{8}\n/)
})

test.each([40, 80, 120])('tables fit into %i columns, whatever a commit says', async (columns) => {
  const { directory, run, close } = await journalFolder()
  await run('delivery-0001', { subject: `${'漢字'.repeat(30)} 🚀`, author: 'Ada '.repeat(20) })
  await run('delivery-0002', { status: 'failure', reason: 'It '.repeat(80), subject: 'Break it' })
  await close()
  for (const command of ['deployments', 'deliveries', 'status']) {
    const { stdout } = await inProcess([command], { directory, environment, columns })
    for (const line of stripVTControlCharacters(stdout).split('\n'))
      expect(widthOf(line)).toBeLessThanOrEqual(columns)
    expect(stdout).toContain(command === 'status' ? 'shop' : 'ID')
  }
})

test('escape sequences in what a commit says, or a build prints, do nothing to the terminal', async () => {
  const { directory, run, logs } = await journalFolder()
  const hostile = 'A\u001b]0;owned\u0007\u001b[2J\u202eB\r\nC'
  const { id } = await run('delivery-0001', { subject: hostile, author: hostile, reason: hostile })
  logs.open(id).output(hostile)
  for (const args of [['deployments'], ['status'], ['logs', id], ['logs', id, '--follow'], ['cancel', id]]) {
    const { stdout, stderr } = await inProcess(args, { directory, environment })
    // oxlint-disable-next-line no-control-regex
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  }
  const list = await inProcess(['deployments'], { directory, environment })
  expect(list.stdout).toContain(String.raw`A\x1b]0;owned\x07\x1b[2J\u202eB\r\nC`)
  const log = await inProcess(['logs', id], { directory, environment })
  expect(log.stdout).toContain(String.raw`A\x1b]0;owned\x07\x1b[2J\u202eB`)
})

test('--limit and --before page through it; ids may be cut', async () => {
  const { directory, run, close } = await journalFolder()
  const [first, second, third] = [await run('d-0001', {}), await run('d-0002', {}), await run('d-0003', {})]
  await close()
  const list = async (...args: string[]): Promise<readonly string[]> => {
    const { stdout } = await inProcess(['deployments', 'shop', '--json', ...args], { directory, environment })
    return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)
  }
  expect(await list('--limit', '2')).toEqual([third.id, second.id])
  expect(await list('--before', second.id.slice(-8))).toEqual([first.id])
  const wrong = await inProcess(['deployments', '--limit', 'many'], { directory, environment })
  expect(wrong.exitCode).toBe(2)
  expect(wrong.stderr).toContain('--limit must be a whole number of at least 1')
})

test('a mistyped app is told with the one that was meant; one that is gone from the configuration has its history', async () => {
  const { directory, run, close } = await journalFolder()
  await run('delivery-0001', {})
  await close()
  for (const command of ['deployments', 'status', 'deploy']) {
    const { exitCode, stderr } = await inProcess([command, 'shpo'], { directory, environment })
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      'There is no app shpo in the configuration (did you mean shop?); there is shop, blog',
    )
  }
  await writeFile(join(directory, 'fairway.yaml'), twoApps.replace('shop:', 'store:'))
  const { exitCode, stdout } = await inProcess(['deployments', 'shop'], { directory, environment })
  expect(exitCode).toBe(0)
  expect(stdout).toContain('success')
})

test('before anything was deployed, lists are empty and nothing is made', async () => {
  const directory = await folder({ 'fairway.yaml': twoApps })
  for (const [command, nothing] of [
    ['deployments', 'Nothing was deployed here yet.\n'],
    ['deliveries', 'No delivery came in yet.\n'],
  ] as const) {
    const text = await inProcess([command], { directory, environment })
    expect([text.exitCode, text.stdout]).toEqual([0, nothing])
    const json = await inProcess([command, '--json'], { directory, environment })
    expect([json.exitCode, json.stdout, json.stderr]).toEqual([0, '[]\n', ''])
  }
  for (const args of [
    ['logs', 'abcd'],
    ['cancel', 'abcd'],
    ['replay', 'abcd'],
  ]) {
    const { exitCode, stderr } = await inProcess(args, { directory, environment })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/: (?:Nothing was deployed here|No delivery came in) yet\.\n$/)
  }
  expect((await inProcess(['status', '--json'], { directory, environment })).exitCode).toBe(0)
  expect((await inProcess(['doctor', '--json'], { directory, environment })).stdout).toContain('can be made')
})

test('a journal of a newer Fairway exits 3 and is left as it is', async () => {
  const { directory, run, close } = await journalFolder()
  await run('delivery-0001', {})
  await close()
  const database = new DatabaseSync(join(directory, '.fairway', 'journal.db'))
  database.exec('PRAGMA user_version = 999')
  database.close()
  const { exitCode, stdout, stderr } = await fairway(['deployments', '--json'], { directory, environment })
  expect([exitCode, stdout]).toEqual([3, ''])
  expect(stderr).toContain('was written by a newer Fairway (schema 999')
})

test('a damaged journal exits 3 and says so', async () => {
  const { directory, run, close } = await journalFolder()
  await run('delivery-0001', {})
  await close()
  await writeFile(join(directory, '.fairway', 'journal.db'), 'this is not a database'.repeat(1_000))
  const { exitCode, stdout, stderr } = await fairway(['deployments', '--json'], { directory, environment })
  expect([exitCode, stdout]).toEqual([3, ''])
  expect(stderr).toContain('journal.db is damaged')
  expect(await readFile(join(directory, '.fairway', 'journal.db'), 'utf8')).toMatch(/^this is not a database/)
})
