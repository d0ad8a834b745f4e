import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { identify } from '@fairway/core'
import { fakeWorld, pushPayload, signedDelivery } from '@fairway/core/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { checkConfig } from '../src/config/check-config.ts'
import { type RunningServer, sqliteJournal, startServer } from '../src/index.ts'
import { delivery } from './journal/journal-contract.ts'
import { recordingLogger } from './support/recording-logger.ts'

const secret = 'a secret of more than sixteen characters'
const dead = { pid: process.pid, startTime: '0' }

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'fairway-start-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** A server on a free port with doubles around it, and what several starts of it share. */
async function machine() {
  const dataDir = join(await folder(), 'data')
  const world = fakeWorld({ path: '/srv/shop' })
  const commit = (version: string): string =>
    world.git.commit('refs/heads/main', {
      'docker-compose.prod.yml': 'services: { web: { build: . } }',
      'index.html': version,
    })
  commit('1')
  const start = async (server: object = {}) => {
    const logger = recordingLogger()
    const config = checkConfig({
      server: { port: 0, logFile: null, dataDir, ...server },
      webhook: { secrets: [secret] },
      apps: {
        shop: {
          repository: 'acme/shop',
          branch: 'main',
          path: '/srv/shop',
          url: 'https://example.com/x.git',
        },
      },
    })
    const running = await startServer(config, { logger, executors: world })
    onTestFinished(() => running.close())
    return { ...running, lines: logger.lines }
  }
  return { dataDir, world, start, commit }
}

async function post({ url }: Pick<RunningServer, 'url'>): Promise<Response> {
  const { headers, body } = signedDelivery({ secret, payload: pushPayload() })
  return fetch(`${url}/webhook`, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  })
}

async function deployed({ lines }: { readonly lines: readonly string[] }): Promise<void> {
  await vi.waitFor(
    () => expect(lines.some((line) => /recordDeployed success/.test(line))).toBe(true),
    patience,
  )
}

/** Milliseconds: another test may need the disk, too. */
const patience = 15_000

test('keeps its journal, the logs and a lock file in the data directory, for its user alone', async () => {
  const { dataDir, start } = await machine()
  const server = await start()
  const lock = JSON.parse(await readFile(join(dataDir, 'server.lock'), 'utf8')) as object
  expect(lock).toMatchObject({
    ...identify(process.pid),
    address: server.url,
    since: expect.any(String) as string,
  })
  const answer = (await (await post(server)).json()) as { deployments: { id: string }[] }
  const id = answer.deployments[0]?.id ?? ''
  await deployed(server)
  await server.close()

  const journal = sqliteJournal({ directory: dataDir })
  onTestFinished(() => journal.close())
  expect(await journal.deployment(id)).toMatchObject({
    app: 'shop',
    status: 'success',
    subject: 'change',
    author: 'Ada',
  })
  const [stored] = await journal.deliveries()
  expect((await journal.delivery(stored?.id ?? ''))?.received).toMatchObject({
    headers: { 'x-github-event': 'push', 'user-agent': expect.stringContaining('GitHub') as string },
    signedBy: ['webhook.secrets[0]'],
  })
  const log = await readFile(join(dataDir, 'logs', `${id}.log`), 'utf8')
  expect(log).toMatch(/ - INFO - Deployment .* of shop: refs\/heads\/main, ada, delivery /)
  expect(log).toContain('✅ Deployment task for shop finished.')
  expect(log).toContain(`Deployment ${id} of shop ended as success`)
  for (const file of ['journal.db', `logs/${id}.log`]) {
    expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600)
  }
  await expect(stat(join(dataDir, 'server.lock'))).rejects.toThrow('ENOENT')
})

test('F1: what a killed server had accepted and begun is deployed by the next start, and said', async () => {
  const { dataDir, start } = await machine()
  const before = sqliteJournal({ directory: dataDir, owner: dead })
  const { deployments } = await before.accept(delivery('d1', 'shop'))
  const id = deployments[0]?.id ?? ''
  await before.next(new Set())
  await before.started(id)
  await before.close()
  const server = await start()
  const { lines } = server
  await deployed(server)
  expect(lines[0]).toBe(
    `WARNING Deployment ${id} of shop was interrupted; it is taken up again, as attempt 2.`,
  )
  await server.close()
  const journal = sqliteJournal({ directory: dataDir })
  onTestFinished(() => journal.close())
  expect(await journal.deployment(id)).toMatchObject({ status: 'success', attempt: 2 })
})

test('work that another process writes into the journal is done, and what it cancels ends', async () => {
  const { dataDir, start, world } = await machine()
  const server = await start()
  const other = sqliteJournal({ directory: dataDir, owner: { pid: process.pid, startTime: '1' } })
  onTestFinished(() => other.close())
  const push = { repository: 'acme/shop', ref: 'refs/heads/main', pusher: 'ada' }
  const { id } = await other.request({ app: 'shop', push, reason: 'asked by ada' })
  await vi.waitFor(
    async () => expect(await other.deployment(id)).toMatchObject({ status: 'success' }),
    patience,
  )

  world.locks.hold('checkout:/srv/shop')
  const { id: waiting } = await other.request({ app: 'shop', push })
  await vi.waitFor(
    () => expect(server.lines.some((line) => line.includes('shop waits:'))).toBe(true),
    patience,
  )
  await other.cancel(waiting, 'cancelled by ada')
  await vi.waitFor(
    async () =>
      expect(await other.deployment(waiting)).toMatchObject({
        status: 'cancelled',
        reason: 'cancelled by ada',
      }),
    patience,
  )
  world.locks.free('checkout:/srv/shop')
  const { id: next } = await other.request({ app: 'shop', push })
  await vi.waitFor(
    async () => expect(await other.deployment(next)).toMatchObject({ status: 'success' }),
    patience,
  )
})

test('what a process that died while the server runs had in its hands is taken up too; what a living one has is not', async () => {
  const { dataDir, start } = await machine()
  await start()
  const [gone, alive] = [dead, identify(process.ppid)].map((owner) =>
    sqliteJournal({ directory: dataDir, owner }),
  )
  onTestFinished(async () => {
    await gone?.close()
    await alive?.close()
  })
  const push = { repository: 'acme/shop', ref: 'refs/heads/main', pusher: 'ada' }
  const kept = await alive?.request({ app: 'shop', push, claim: true })
  const left = await gone?.request({
    app: 'shop',
    push: { ...push, ref: 'refs/heads/other', manual: {} },
    claim: true,
  })
  await vi.waitFor(
    async () =>
      expect(await alive?.deployment(left?.id ?? '')).toMatchObject({ status: 'success', attempt: 2 }),
    { timeout: 20_000, interval: 100 },
  )
  expect(await alive?.deployment(kept?.id ?? '')).toMatchObject({ status: 'queued' })
}, 30_000)

test('F30: a damaged journal is said loudly, and what was missed is found by asking the remote', async () => {
  const { dataDir, start, commit, world } = await machine()
  const first = await start()
  await post(first)
  await deployed(first)
  await first.close()
  const tip = commit('2')
  await writeFile(join(dataDir, 'journal.db'), 'no journal at all')
  const { lines } = await start()
  expect(lines[0]).toMatch(
    /^ERROR The journal .*journal\.db is damaged .* a new one was begun; .* Which deliveries/,
  )
  await deployed({ lines })
  expect(await world.git.deployed('/srv/shop', 'shop')).toBe(tip)
  expect(lines.some((line) => line.includes('missed while down'))).toBe(true)
})

test('F27: while it stops, deliveries are answered 503 with Retry-After, and it is not ready', async () => {
  const { start, world } = await machine()
  const gate = Promise.withResolvers<void>()
  const up = vi.spyOn(world.compose, 'up').mockImplementation(() => gate.promise)
  const server = await start()
  await post(server)
  await vi.waitFor(() => expect(up).toHaveBeenCalledOnce())
  const closing = server.close()
  const refused = await post(server)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('30')
  expect(await refused.json()).toEqual({ detail: 'The server is stopping: send it again' })
  const ready = await fetch(`${server.url}/readyz`)
  expect(await ready.json()).toMatchObject({ ready: false, checks: { journal: 'the server is stopping' } })
  gate.resolve()
  await closing
  await expect(post(server)).rejects.toThrow('fetch failed')
})

test('what is old is forgotten at the start', async () => {
  const { dataDir, start } = await machine()
  const journal = sqliteJournal({ directory: dataDir })
  for (const id of ['d1', 'd2', 'd3']) {
    const { deployments } = await journal.accept(delivery(id, 'shop'))
    await journal.ended(deployments[0]?.id ?? '', { status: 'failure', reason: 'no', commit: null })
  }
  await journal.close()
  const { lines } = await start({ keep: { deployments: 1 } })
  await vi.waitFor(() =>
    expect(lines).toContain(
      'INFO Forgot what is older than server.keep says: 0 deliveries, 2 deployments, 0 logs.',
    ),
  )
})
