import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { networkProbe } from '../../src/executors/network-probe.ts'

const servers: Server[] = []
const sockets = new Set<Socket>()
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

/** Listens on a free port of the loopback. */
async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.on('connection', (socket: Socket) => void sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const http = (answer: RequestListener): Promise<number> => listen(createHttpServer(answer))
const tcp = (take: (socket: Socket) => void): Promise<number> => listen(createServer(take))
const host = '127.0.0.1'
const probe = networkProbe({ timeout: 1_000 })

describe('http', () => {
  const ask = (port: number) =>
    probe.ask({ protocol: 'http', host, port, path: '/up?x=1', hostHeader: 'web:80' })

  test.each([
    [200, true, 'HTTP 200 OK'],
    [204, true, 'HTTP 204 No Content'],
    [302, true, 'HTTP 302 Found'],
    [401, false, 'HTTP 401 Unauthorized'],
    [404, false, 'HTTP 404 Not Found'],
    [500, false, 'HTTP 500 Internal Server Error'],
  ])('%d', async (status, ok, said) => {
    const asked: string[] = []
    const port = await http(({ method, url, headers }, response) => {
      asked.push(`${method} ${headers.host}${url}`)
      // A redirect that was followed would be asked for as well.
      response.writeHead(status, { location: '/elsewhere' }).end()
    })
    expect(await ask(port)).toEqual({ ok, said, reached: true })
    expect(asked).toEqual(['GET web:80/up?x=1'])
  })

  test('an answer whose body never ends is one', async () => {
    const port = await http((_, response) => void response.writeHead(200).write('and so on'))
    expect(await ask(port)).toMatchObject({ ok: true })
  })

  test('no answer in time, and one that trickles', async () => {
    const quiet = await tcp(() => {})
    const trickling = await tcp((socket) => {
      const timer = setInterval(() => socket.write('H'), 100)
      socket.on('close', () => clearInterval(timer)).on('error', () => {})
    })
    expect(await ask(quiet)).toEqual({ ok: false, said: 'no answer within 1 s', reached: false })
    const answer = await ask(trickling)
    expect(answer.ok).toBe(false)
  })

  test('something that speaks no HTTP, or hangs up', async () => {
    const mail = await tcp((socket) => void socket.on('error', () => {}).end('220 mail.example ESMTP\r\n'))
    expect(await ask(mail)).toEqual({ ok: false, said: 'an answer that is no HTTP', reached: true })
    const rude = await tcp((socket) => void socket.destroy())
    expect(await ask(rude)).toEqual({
      ok: false,
      said: 'the connection was closed without an answer',
      reached: true,
    })
  })

  test('a status line with what a terminal would obey', async () => {
    const port = await tcp((socket) => void socket.end('HTTP/1.1 500 \u009b2J\r\n\r\n'))
    const { said } = await ask(port)
    expect(said).not.toMatch(/\p{Cc}/u)
    expect(said).toContain('HTTP 500')
  })

  test('whatever proxy the environment names', async () => {
    const asked: string[] = []
    const proxy = await http(({ url = '' }, response) => {
      asked.push(url)
      response.writeHead(200).end()
    })
    onTestFinished(() => void vi.unstubAllEnvs())
    vi.stubEnv('HTTP_PROXY', `http://${host}:${proxy}`)
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    const port = await http((_, response) => void response.writeHead(503).end())
    expect(await ask(port)).toMatchObject({ ok: false, said: 'HTTP 503 Service Unavailable' })
    expect(asked).toEqual([])
  })
})

describe('tcp', () => {
  test('a connection that is taken', async () => {
    const port = await tcp(() => {})
    expect(await probe.ask({ protocol: 'tcp', host, port })).toEqual({
      ok: true,
      said: 'connected',
      reached: true,
    })
  })

  test('one that is refused', async () => {
    const server = createServer()
    const port = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    expect(await probe.ask({ protocol: 'tcp', host, port })).toEqual({
      ok: false,
      said: 'connection refused',
      reached: true,
    })
  })

  test('through a forwarder, one that is taken and ended at once is none', async () => {
    const nobody = await tcp((socket) => void socket.end())
    const question = { protocol: 'tcp', host, isForwarded: true } as const
    expect(await probe.ask({ ...question, port: nobody })).toMatchObject({
      ok: false,
      said: 'the connection was closed at once',
    })
    const quiet = await tcp(() => {})
    expect(await probe.ask({ ...question, port: quiet })).toMatchObject({ ok: true })
    const greeting = await tcp((socket) => void socket.end('220 hello'))
    expect(await probe.ask({ ...question, port: greeting })).toMatchObject({ ok: true })
  })
})

test('is cancelled in the middle of a question, and before it', async () => {
  const port = await tcp(() => {})
  const controller = new AbortController()
  const asking = probe.ask({ protocol: 'http', host, port }, { signal: controller.signal })
  await expect.poll(() => sockets.size).toBeGreaterThan(0)
  controller.abort(new Error('enough'))
  await expect(asking).rejects.toThrow('enough')
  await expect(probe.ask({ protocol: 'tcp', host, port }, { signal: controller.signal })).rejects.toThrow(
    'enough',
  )
})
