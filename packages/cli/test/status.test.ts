import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { makeOrigin } from '../../../scripts/lib/origin.ts'
import { run } from '../../../scripts/lib/run.ts'
import { inProcess, secret } from './support.ts'
import { journalFolder } from './support/journal.ts'

const environment = { GITHUB_WEBHOOK_SECRET: secret }
const noEngine = { ...environment, DOCKER_HOST: 'unix:///nonexistent.sock' }

test('status: the last one, what runs, what waits; an engine that is down is said and no failure', async () => {
  const { directory, run: runOne, deliver } = await journalFolder()
  const last = await runOne('delivery-0001', { status: 'failure', reason: 'web exited with 1' })
  const left = await runOne('delivery-0002')
  const waiting = await deliver('delivery-0003')
  const { exitCode, stdout } = await inProcess(['status', 'shop'], { directory, environment: noEngine })
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^No server runs with this data directory\.\n\nshop\n {2}follows {5}main\n/)
  expect(stdout).toMatch(
    new RegExp(`deployed +nothing yet\n +last +failure ${last.id.slice(-8)}, .*: web exited with 1\n`),
  )
  // Nobody has its lock.
  expect(stdout).toMatch(new RegExp(`unfinished +${left.id.slice(-8)}, `))
  expect(stdout).toMatch(new RegExp(`queued +${waiting.id.slice(-8)}, `))
  expect(stdout).toMatch(/unknown +what runs: The Docker engine does not answer/)
  expect(stdout).not.toContain('blog')
})

test('status --json', async () => {
  const { directory, run: runOne } = await journalFolder()
  const { id } = await runOne('delivery-0001', {})
  const { stdout } = await inProcess(['status', 'shop', '--json'], { directory, environment })
  expect(JSON.parse(stdout)).toStrictEqual({
    server: null,
    apps: [
      {
        app: 'shop',
        branch: 'main',
        deployed: null,
        last: expect.objectContaining({ id, status: 'success' }) as object,
        inProgress: [],
        queued: [],
        containers: [],
        holds: [],
        releases: [],
        lock: null,
        unknown: [],
      },
    ],
  })
})

test('the deployed commit is the one that git has, with what the journal knows of it', async () => {
  const { directory, run: runOne } = await journalFolder()
  const origin = await makeOrigin(directory)
  await origin.commit('first', { 'compose.yaml': '' })
  await origin.push()
  const path = join(directory, 'shop')
  await run('git', ['clone', '-q', origin.url, path])
  const commit = (await run('git', ['-C', path, 'rev-parse', 'HEAD'])).trim()
  await run('git', ['-C', path, 'update-ref', 'refs/fairway/deployed/shop', commit])
  await runOne('delivery-0001', { commit, subject: 'Fix the basket', author: 'Ada' })
  const { stdout } = await inProcess(['status', 'shop'], { directory, environment })
  expect(stdout).toMatch(
    new RegExp(`deployed +${commit.slice(0, 7)} Fix the basket \\(Ada\\), (just now|\\d+ s ago), 20`),
  )
})

test.each([
  [
    'a server that runs',
    process.pid,
    /^The server runs: http:\/\/127\.0\.0\.1:8000 \(pid \d+\), \d+ h ago, 20/,
  ],
  ['one that died', 2 ** 22 - 1, /^No server runs with this data directory\.\n/],
])('%s is told', async (_, pid, said) => {
  const { directory } = await journalFolder()
  const since = new Date(Date.now() - 7_200_000).toISOString()
  const lock = { pid, since, address: 'http://127.0.0.1:8000' }
  await writeFile(join(directory, '.fairway', 'server.lock'), JSON.stringify(lock))
  const { stdout } = await inProcess(['status', 'shop'], { directory, environment: noEngine })
  expect(stdout).toMatch(said)
})

test('colour goes to a terminal alone, and not where NO_COLOR forbids it', async () => {
  const { directory, run: runOne } = await journalFolder()
  await runOne('delivery-0001', {})
  for (const command of ['status', 'deployments']) {
    const show = async (options: {
      columns?: number
      environment?: Record<string, string>
    }): Promise<string> =>
      (
        await inProcess([command, 'shop'], {
          directory,
          ...options,
          environment: { ...noEngine, ...options.environment },
        })
      ).stdout
    const coloured = await show({ columns: 100 })
    expect(coloured).toContain('\u001b[32msuccess\u001b[39m')
    expect(stripVTControlCharacters(coloured)).toContain('success')
    expect(await show({})).not.toContain('\u001b')
    expect(await show({ columns: 100, environment: { NO_COLOR: '1' } })).not.toContain('\u001b')
  }
})
