import type { Compose } from '@fairway/core'
import {
  fakeClock,
  fakeCompose,
  fakeContainer,
  fakeEngine,
  fakeFiles,
  fakeGit,
  fakeLocks,
  pushPayload,
  signedDelivery,
} from '@fairway/core/testing'
import { afterEach, expect, test, vi } from 'vitest'
import {
  type ConfigInput,
  createServer,
  type Deployment,
  type FairwayServer,
  memoryJournal,
} from '../src/index.ts'
import { recordingLogger } from './support/recording-logger.ts'

const secret = 'a secret of more than sixteen characters'
const shop = { repository: 'acme/shop', branch: 'main', path: '/srv/shop', rollout: { settle: '0' } }
const blog = { repository: 'acme/blog', branch: 'main', path: '/srv/blog', rollout: { settle: '0' } }
const config = {
  server: { logFile: null, catchUp: 0 },
  webhook: { secrets: [secret] },
  apps: { shop },
} satisfies ConfigInput

let server: FairwayServer | undefined
afterEach(() => server?.close())

/** A server with doubles all around; `up` waits at a gate while one is closed. */
function start(input: ConfigInput = config) {
  const git = fakeGit()
  for (const branch of ['main', 'next']) git.commit(`refs/heads/${branch}`, { 'index.html': `${branch}\n` })
  const engine = fakeEngine()
  const projects = ['shop', 'blog', 'renamed']
  for (const project of projects) engine.show(project, [fakeContainer({ service: 'web' })])
  for (const app of ['shop', 'blog']) git.checkOut(`/srv/${app}`)
  const compose = fakeCompose({ services: [{ name: 'web', replicas: 1 }] })
  const up = vi.fn<Compose['up']>((...given) => compose.up(...given))
  const files = fakeFiles({
    '/srv/shop/docker-compose.prod.yml': '',
    '/srv/blog/docker-compose.prod.yml': '',
  })
  const [locks, journal, logger] = [fakeLocks(), memoryJournal(), recordingLogger()]
  const executors = { git, engine, files, locks, compose: { ...compose, up }, clock: fakeClock() }
  const made = createServer({ config: input, logger, journal, executors })
  server = made
  const post = async (repository = 'acme/shop', signed = secret, ref = 'refs/heads/main') => {
    const { headers, body } = signedDelivery({ secret: signed, payload: pushPayload({ repository, ref }) })
    return made.app.request('/webhook', {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new Uint8Array(body),
    })
  }
  const ended = async (app: string): Promise<Deployment> =>
    vi.waitFor(async () => {
      const [deployment] = await journal.deployments({ app })
      if (!deployment?.endedAt) throw new Error(`${app} goes on:\n${logger.lines.join('\n')}`)
      return deployment
    })
  return { server: made, post, ended, up, locks, git, lines: logger.lines, journal, compose, engine }
}

function door(): { open: () => void; wait: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: resolve, wait: promise }
}

test('a deployment that runs goes on with the app as it was; the next one has it as it is now', async () => {
  const { server: to, post, ended, up, lines, engine } = start()
  const gate = door()
  up.mockImplementationOnce(() => gate.wait)
  await post()
  await vi.waitFor(() => expect(up).toHaveBeenCalledOnce())
  to.reload({ ...config, apps: { shop: { ...shop, project: 'renamed', timeouts: { up: '9s' } } } })
  gate.open()
  expect(await ended('shop')).toMatchObject({ status: 'success' })
  // Else the new name would be refused: containers of the old one go on.
  engine.show('shop', [])
  await post()
  expect(await ended('shop')).toMatchObject({ status: 'success' })
  await vi.waitFor(() => expect(up).toHaveBeenCalledTimes(2))
  const [first, second] = up.mock.calls
  expect(first).toMatchObject([{ name: 'shop' }, { timeout: 300_000 }, {}])
  expect(second).toMatchObject([{ name: 'renamed' }, { timeout: 9_000 }, {}])
  expect(lines).toContain('INFO Configuration reloaded: 1 app (changed shop)')
})

test('apps come and go; what a removed one has queued ends with the reason', async () => {
  const {
    server: to,
    post,
    ended,
    up,
    lines,
    journal,
  } = start({ ...config, server: { ...config.server, concurrency: 1 } })
  const gate = door()
  up.mockImplementationOnce(() => gate.wait)
  to.reload({ ...config, server: { ...config.server, concurrency: 1 }, apps: { shop, blog } })
  await post('acme/blog')
  await vi.waitFor(() => expect(up).toHaveBeenCalledOnce())
  await post('acme/shop')
  to.reload({ ...config, server: { ...config.server, concurrency: 1 }, apps: { blog } })
  expect(await (await post('acme/shop')).json()).toMatchObject({
    skipped: expect.stringContaining('unknown repository'),
  })
  gate.open()
  expect(await ended('blog')).toMatchObject({ status: 'success' })
  expect(await ended('shop')).toMatchObject({ status: 'failure', reason: 'there is no app shop any more' })
  const [queued] = await journal.deployments({ app: 'shop' })
  expect(lines).toContain(`ERROR Deployment ${queued?.id} failed: there is no app shop any more`)
})

test('one that waits for a lock starts anew with the app as it is now, or ends where that is gone', async () => {
  const { server: to, post, ended, up, locks, journal, lines } = start()
  locks.hold('checkout:/srv/shop')
  await post()
  await vi.waitFor(() => expect(lines.some((line) => line.includes('shop waits:'))).toBe(true))
  to.reload({ ...config, apps: { shop: { ...shop, path: '/srv/blog', project: 'blog' } } })
  expect(await ended('shop')).toMatchObject({ status: 'success' })
  expect(up).toHaveBeenCalledOnce()
  expect(up.mock.calls[0]?.[0]).toMatchObject({ name: 'blog', directory: '/srv/blog' })
  expect((await journal.deployments()).map(({ steps }) => steps.map(({ name }) => name))[0]?.[0]).toBe(
    'lockCheckout',
  )
  expect((await journal.deployments())[0]?.steps.filter(({ name }) => name === 'lockCheckout')).toHaveLength(
    1,
  )

  locks.hold('checkout:/srv/blog')
  await post()
  await vi.waitFor(() => expect(lines.filter((line) => line.includes('shop waits:'))).toHaveLength(2))
  to.reload({ ...config, apps: {} })
  expect(await ended('shop')).toMatchObject({ status: 'failure', reason: 'there is no app shop any more' })
})

test('a secret is rotated without a gap: both, then the new one alone', async () => {
  const next = 'another secret, which takes its place'
  const { server: to, post, lines } = start()
  expect((await post('acme/shop', next)).status).toBe(401)
  to.reload({ ...config, webhook: { secrets: [next, secret] } })
  expect((await post('acme/shop', secret)).status).toBe(202)
  expect((await post('acme/shop', next)).status).toBe(202)
  to.reload({ ...config, webhook: { secrets: [next] } })
  expect((await post('acme/shop', secret)).status).toBe(401)
  expect((await post('acme/shop', next)).status).toBe(202)
  expect(lines.filter((line) => line.includes('reloaded'))).toEqual(
    Array(2).fill('INFO Configuration reloaded: 1 app; changed webhook.secrets'),
  )
})

test('ignore, allowUnsigned and concurrency count from the next delivery on', async () => {
  const {
    server: to,
    post,
    up,
  } = start({ ...config, server: { ...config.server, concurrency: 1 }, apps: { shop, blog } })
  const gate = door()
  up.mockImplementation(() => gate.wait)
  await post('acme/shop')
  await post('acme/blog')
  await vi.waitFor(() => expect(up).toHaveBeenCalledOnce())
  to.reload({
    ...config,
    server: { ...config.server, concurrency: 2 },
    webhook: { secrets: [], allowUnsigned: true },
    apps: { shop, blog },
    ignore: ['shop'],
  })
  await vi.waitFor(() => expect(up).toHaveBeenCalledTimes(2))
  gate.open()
  const answer = await post('acme/shop', 'any other secret, as none is needed')
  expect(answer.status).toBe(202)
  expect(await answer.json()).toMatchObject({ deployments: [], skipped: expect.any(String) })
})

test('statusPage and trustedProxies count from the next request on', async () => {
  const { server: to } = start()
  const from = async (client: string): Promise<number> => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': client }
    const socket = { remoteAddress: '10.0.0.1', remotePort: 1, remoteFamily: 'IPv4' }
    const init = { method: 'POST', headers, body: '{}' }
    return (await to.app.request('/webhook', init, { incoming: { socket } })).status
  }
  expect((await to.app.request('/')).status).toBe(200)
  for (let times = 0; times < 40; times++) await from('198.51.100.7')
  expect(await from('198.51.100.8')).toBe(429)
  to.reload({ ...config, server: { ...config.server, statusPage: false, trustedProxies: ['10.0.0.0/8'] } })
  expect((await to.app.request('/')).status).toBe(404)
  expect(await from('198.51.100.8')).toBe(401)
})

test('an invalid configuration is refused with every mistake, and nothing changes', async () => {
  const { server: to, post } = start()
  const invalid = { ...config, apps: { shop: { repository: 'a b', path: '' } }, nonsense: 1 } as ConfigInput
  expect(() => to.reload(invalid)).toThrow(/apps\.shop\.repository: .*\n.*apps\.shop\.path: /)
  expect(() => to.reload({ ...config, webhook: { secrets: ['too short'] } })).toThrow(
    'fewer than 16 characters',
  )
  expect(() => to.reload({ ...config, webhook: { secrets: [] }, apps: {} })).toThrow(
    'webhook.secrets: there is none',
  )
  expect((await post()).status).toBe(202)
})

test('host, port and the like stay, and are named; that a start would refuse them is judged all the same', () => {
  const { server: to, lines } = start()
  to.reload({
    ...config,
    server: { host: '0.0.0.0', port: 1, logFile: null, catchUp: 0, dataDir: '/d', logFormat: 'json' },
  })
  expect(lines.slice(-2)).toEqual([
    'INFO Configuration read again: nothing changed',
    'WARNING server.host, server.port, server.dataDir, server.logFormat changed too: that needs a restart, until then the old value goes on',
  ])
  const unsigned = { secrets: [], allowUnsigned: true }
  expect(() =>
    to.reload({ ...config, server: { ...config.server, host: '0.0.0.0' }, webhook: unsigned }),
  ).toThrow('server.host')
})

test('one that listens to the world never takes unsigned deliveries, whatever host the new configuration names', () => {
  const { server: to } = start({ ...config, server: { ...config.server, host: '0.0.0.0' } })
  expect(() => to.reload({ ...config, webhook: { secrets: [], allowUnsigned: true } })).toThrow(
    'webhook.allowUnsigned',
  )
})

test('a branch that was read from the checkout is kept for an app that stays, and read anew for one that moves', async () => {
  const { branch: _, ...unnamed } = shop
  const { server: to, post, git, ended } = start({ ...config, apps: { shop: unnamed } })
  await post()
  expect(await ended('shop')).toMatchObject({ status: 'success' })
  const heads = vi.spyOn(git, 'head')
  to.reload({ ...config, apps: { shop: { ...unnamed, timeouts: { git: '1m' } } } })
  expect(await (await post('acme/shop', secret, 'refs/heads/next')).json()).toMatchObject({ deployments: [] })
  git.checkOut('/srv/moved', 'next')
  to.reload({ ...config, apps: { shop: { ...unnamed, path: '/srv/moved' } } })
  expect(await (await post('acme/shop', secret, 'refs/heads/next')).json()).toMatchObject({
    deployments: [{ app: 'shop' }],
  })
  expect(new Set(heads.mock.calls.map(([path]) => path))).toEqual(new Set(['/srv/moved']))
})
