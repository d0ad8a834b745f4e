import { createServer, type Server } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { checkPort } from '../../src/doctor/check-port.ts'
import { checkReach } from '../../src/doctor/check-reach.ts'
import { holderOf, listeners } from '../../src/doctor/listeners.ts'
import { folder } from '../support.ts'

async function listen(host: string): Promise<number> {
  const server: Server = createServer().listen(0, host)
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as { port: number }).port
}

const settings = {
  host: '127.0.0.1',
  logFile: null,
  logFormat: 'text',
  concurrency: 1,
  statusPage: true,
  trustedProxies: [],
  catchUp: 0,
  keep: { deliveries: 1, deployments: 1, logs: 1 },
  disk: { minFree: 0 },
} as const

test.each(['127.0.0.1', '::1'])('who listens on a port of %s is found', async (host) => {
  const port = await listen(host)
  const listener = (await listeners()).find((one) => one.port === port)
  expect(listener).toBeDefined()
  expect(listener && (await holderOf(listener))).toMatch(new RegExp(`\\(pid ${process.pid}\\)$`))
})

test('a port in use is told with who uses it', async () => {
  const port = await listen('127.0.0.1')
  expect(await checkPort({ ...settings, port, dataDir: await folder() })).toMatchObject({
    check: 'port',
    level: 'blocks',
    message: expect.stringMatching(
      new RegExp(`^127\\.0\\.0\\.1:${port} is in use by .* \\(pid ${process.pid}\\)$`),
    ) as string,
    fix: 'Stop it, or set server.port',
  })
})

test('an address of another machine', async () => {
  const finding = await checkPort({ ...settings, host: '192.0.2.1', port: 0, dataDir: await folder() })
  expect(finding).toMatchObject({
    level: 'blocks',
    fix: 'Set server.host to an address of this machine (ip address shows them)',
  })
})

test('a server of ours in the port is no problem', async () => {
  const port = await listen('127.0.0.1')
  const dataDir = await folder({ 'server.lock': JSON.stringify({ pid: process.pid, since: new Date() }) })
  expect(await checkPort({ ...settings, port, dataDir })).toMatchObject({
    level: 'ok',
    message: `127.0.0.1:${port} is used by fairway serve (pid ${process.pid})`,
  })
})

test.each([
  [{ host: '0.0.0.0' }, ['warning: listens on 0.0.0.0 without TLS']],
  [{ trustedProxies: ['127.0.0.1'] }, ['ok: listens on 127.0.0.1 behind 127.0.0.1']],
  [
    { trustedProxies: ['0.0.0.0/0'] },
    ['warning: server.trustedProxies has 0.0.0.0/0', 'ok: listens on 127.0.0.1 behind 0.0.0.0/0'],
  ],
  [{}, ['warning: listens on 127.0.0.1 only']],
])('who reaches it: %j', async (other, expected) => {
  const found = await checkReach({ ...settings, port: 8000, dataDir: '/', ...other })
  const said = found.map(({ level, message }) => `${level}: ${message}`)
  expect(said).toEqual(expected.map((start) => expect.stringContaining(start) as string))
})
