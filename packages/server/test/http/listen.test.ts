import { connect, type Socket } from 'node:net'
import { signedDelivery } from '@fairway/core/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createServer, type FairwayServer } from '../../src/index.ts'
import { listen, type Listening } from '../../src/http/listen.ts'
import { recordingLogger } from '../support/recording-logger.ts'

const secret = 'a secret of more than sixteen characters'
let server: FairwayServer
let listening: Listening
let logger: ReturnType<typeof recordingLogger>

beforeEach(async () => {
  logger = recordingLogger()
  server = createServer({
    config: {
      server: { logFile: null },
      webhook: { secrets: [secret] },
      apps: { shop: { repository: 'acme/shop', branch: 'main', path: '/nonexistent' } },
    },
    logger,
  })
  listening = await listen(server.app, { host: '127.0.0.1', port: 0 })
})
afterEach(async () => {
  await listening.close(0)
  await server.close()
})

function open(): Socket {
  const { hostname, port } = new URL(listening.url)
  return connect(Number(port), hostname)
}

/** Everything that a connection answers until it is closed, and how many milliseconds that took. */
async function untilClosed(socket: Socket): Promise<{ answer: string; after: number }> {
  const began = performance.now()
  let answer = ''
  socket.on('data', (data) => (answer += data.toString()))
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('close', resolve))
  return { answer, after: performance.now() - began }
}

async function send(): Promise<number> {
  const { headers, body } = signedDelivery({ secret })
  const answer = await fetch(`${listening.url}/webhook`, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  })
  return answer.status
}

test(
  'slow senders are cut off, and a signed delivery is answered meanwhile',
  { timeout: 30_000 },
  async () => {
    const slow = Array.from({ length: 200 }, () => {
      const socket = open()
      socket.write('POST /webhook HTTP/1.1\r\nHost: x\r\n')
      return untilClosed(socket)
    })
    const body = open()
    body.write(
      'POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nContent-Type: application/json\r\n\r\n{',
    )
    const dribble = setInterval(() => body.writable && body.write(' '), 500)
    const began = performance.now()
    expect(await send()).toBe(202)
    expect(performance.now() - began).toBeLessThan(1_000)
    for (const { after } of await Promise.all(slow)) expect(after).toBeLessThan(9_000)
    const { after } = await untilClosed(body)
    clearInterval(dribble)
    expect(after).toBeLessThan(13_000)
  },
)

test(
  'a chunked body is refused as soon as it is too large, before it is whole',
  { timeout: 30_000 },
  async () => {
    const socket = open()
    socket.write(
      'POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n',
    )
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`
    let answer = ''
    let sent = 0
    socket.on('data', (data) => (answer += data.toString()))
    socket.on('error', () => {})
    while (answer === '' && sent < 60 && socket.writable) {
      sent += 1
      if (!socket.write(chunk))
        await Promise.race([
          new Promise((resolve) => socket.once('drain', resolve)),
          new Promise((resolve) => socket.once('close', resolve)),
          new Promise((resolve) => socket.once('data', resolve)),
        ])
    }
    await expect.poll(() => answer).toContain('413')
    expect(sent).toBeLessThan(40)
    socket.destroy()
    expect(await send()).toBe(202)
  },
)

test.each([
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['two lengths', 'POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
  [
    'length and chunks',
    'POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n'],
  ['a header of 20 kB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['no HTTP at all', '\u0016\u0003\u0001 hello\r\n\r\n'],
])('%s is refused with 4xx and without a stack trace', async (_, request) => {
  const socket = open()
  socket.write(request)
  const { answer } = await untilClosed(socket)
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(answer).not.toContain('at ')
  expect(await send()).toBe(202)
})

test('a request that is given up half way leaves no trace but its one line', async () => {
  const socket = open()
  socket.write(
    'POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nContent-Type: application/json\r\n\r\n{',
  )
  await expect.poll(() => socket.bytesWritten).toBeGreaterThan(50)
  socket.destroy()
  expect(await send()).toBe(202)
  expect(logger.lines.filter((line) => line.includes('\n    at '))).toEqual([])
})
