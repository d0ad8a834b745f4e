import { expect, test } from 'vitest'
import { listening, untilClosed } from './socket-support.ts'

const post = 'POST /webhook HTTP/1.1\r\nHost: x\r\n'

test.each<[string, string]>([
  ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
  ['a host with a path', 'GET / HTTP/1.1\r\nHost: x/../y\r\nConnection: close\r\n\r\n'],
  ['a host with a password', 'GET / HTTP/1.1\r\nHost: a:b@c\r\nConnection: close\r\n\r\n'],
  ['a host with brackets', 'GET / HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n'],
  ['a path that is no path', 'GET x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ['two lengths', `${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`],
  ['two equal lengths', `${post}Content-Length: 1\r\nContent-Length: 1\r\n\r\nx`],
  ['a negative length', `${post}Content-Length: -1\r\n\r\nx`],
  ['a length in hex', `${post}Content-Length: 0x1\r\n\r\nx`],
  ['a length of 30 digits', `${post}Content-Length: ${'9'.repeat(30)}\r\n\r\nx`],
  ['length and chunks', `${post}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunks and length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n`],
  ['chunks that are not last', `${post}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
  ['a bad chunk', `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n`],
  ['a chunk that is longer than it says', `${post}Transfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n`],
  [
    'a chunk with 20 kB beside it',
    `${post}Transfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\nx\r\n0\r\n\r\n`,
  ],
  ['NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n'],
  ['NUL in a name', 'GET / HTTP/1.1\r\nHost: x\r\nX\0: a\r\n\r\n'],
  ['a folded header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n'],
  ['a blank before the colon', 'GET / HTTP/1.1\r\nHost : x\r\n\r\n'],
  ['a line end alone', 'GET / HTTP/1.1\nHost: x\n\n'],
  ['a header of 20 kB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['a path of 20 kB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['a method nobody knows', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['another protocol', 'GET / HTCPCP/1.0\r\nHost: x\r\n\r\n'],
  ['a version to come', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
  ['HTTP/2 without being asked', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['TLS', '\u0016\u0003\u0001 hello\r\n\r\n'],
  ['nothing but line ends', '\r\n'.repeat(1_000) + 'x\r\n\r\n'],
])('S34: %s is refused with 4xx in JSON, and leaves a line in the log at most', async (_, request) => {
  const { raw, send, lines } = await listening()
  const answer = await raw(request)
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({
    detail: expect.any(String) as string,
    code: expect.any(String) as string,
  })
  expect(answer.split('HTTP/1.1 ')).toHaveLength(2)
  expect(lines.length).toBeLessThanOrEqual(1)
  expect(await send()).toBe(202)
})

test('S34: what comes behind a request that is refused is no request of its own', async () => {
  const { raw, lines } = await listening()
  const smuggled = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'
  const answer = await raw(
    `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  )
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400'])
  expect(lines).toEqual([])
})

test('S34: HTTP/1.0, as old probes speak it, needs no host', async () => {
  const { raw } = await listening()
  expect(await raw('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
})

test('S34: nothing is answered after an answer that was the last one', async () => {
  const { open } = await listening()
  const socket = open()
  const closed = untilClosed(socket)
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  socket.write('nonsense\r\n\r\n')
  expect((await closed).answer.match(/HTTP\/1\.1 \d+/g)).toHaveLength(1)
})

test('S34: a bad request on a connection that served a good one is answered too', async () => {
  const { open } = await listening()
  const socket = open()
  let answer = ''
  socket.on('data', (data: Uint8Array) => (answer += new TextDecoder().decode(data)))
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
  await expect.poll(() => answer).toMatch(/^HTTP\/1\.1 200 /)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nX\0: a\r\n\r\n')
  await expect.poll(() => answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
})

test('S34: headers sent twice never add up to something else', async () => {
  const { raw } = await listening()
  const signature = `X-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\n`
  const twice = `${post}${signature}${signature}X-GitHub-Event: push\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`
  expect(await raw(twice)).toMatch(/^HTTP\/1\.1 401 [^]*\{"detail":"Invalid signature"\}$/)
})

test('a request that is given up half way is told of by one line at most, without a stack', async () => {
  const { open, send, lines } = await listening()
  for (let i = 0; i < 20; i++) {
    const socket = open()
    socket.write(`${post}Content-Length: 1000\r\nContent-Type: application/json\r\n\r\n{`)
    await expect.poll(() => socket.bytesWritten).toBeGreaterThan(50)
    socket.destroy()
  }
  expect(await send()).toBe(202)
  expect(lines.filter((line) => line.includes('Unexpected') || line.includes('\n'))).toEqual([])
})
