import { createHmac } from 'node:crypto'
import { connect } from 'node:net'
import { pushPayload } from '@fairway/core/testing'
import { expect, onTestFinished, test } from 'vitest'
import { type Answering, listen } from '../../src/http/listen.ts'
import { front, type Front, secret } from './support.ts'

const body = JSON.stringify(pushPayload({ repository: 'acme/shop' }))
const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

/** Headers of a common delivery; undefined leaves one out, a list sends it several times. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

function request(headers: Headers = {}, { line = 'POST /webhook HTTP/1.1', sent = body } = {}): string {
  const all: Headers = {
    Host: 'deploy.example.com',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(sent)),
    'X-GitHub-Event': 'push',
    'X-GitHub-Delivery': 'one',
    'X-Hub-Signature-256': signature,
    Connection: 'close',
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => `${name}: ${value}`),
  )
  return `${[line, ...lines].join('\r\n')}\r\n\r\n${sent}`
}

async function ask(answering: Answering, text: string): Promise<string> {
  const server = await listen(answering, { host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.close(0))
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text))
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/** Status, headers and body; what differs from one time to the next left out. */
function read(answer: string): {
  readonly status: string
  readonly headers: readonly string[]
  readonly body: string
} {
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const [status = '', ...headers] = head.split('\r\n')
  const kept = headers.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()))
  return {
    status,
    headers: kept.filter((line) => !line.startsWith('date:')).toSorted(),
    body: rest.join('\r\n\r\n').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID'),
  }
}

/** The same request to two servers of their own: one with the direct way, one with the app alone. */
async function both(text: string): Promise<{
  readonly direct: string
  readonly app: string
  readonly taken: boolean
  readonly fronts: readonly Front[]
}> {
  const fronts = [front(), front()] as const
  let taken = false
  const watched: Answering = {
    app: fronts[0].server.app,
    direct: (incoming, outgoing) => (taken = fronts[0].server.direct(incoming, outgoing)),
  }
  const direct = await ask(watched, text)
  const app = await ask({ app: fronts[1].server.app }, text)
  return { direct, app, taken, fronts }
}

test.each<[what: string, text: string, status: number]>([
  ['a push', request(), 202],
  ['a ping', request({ 'X-GitHub-Event': 'ping' }), 200],
  ['an event that deploys nothing', request({ 'X-GitHub-Event': 'issues' }), 202],
  ['no signature', request({ 'X-Hub-Signature-256': undefined }), 401],
  ['a wrong signature', request({ 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` }), 401],
  ['two signatures', request({ 'X-Hub-Signature-256': [signature, signature] }), 401],
  ['no event', request({ 'X-GitHub-Event': undefined }), 400],
  ['two events', request({ 'X-GitHub-Event': ['push', 'push'] }), 400],
  ['no id', request({ 'X-GitHub-Delivery': undefined }), 202],
  ['another content type', request({ 'Content-Type': 'text/plain' }), 415],
  ['two content types', request({ 'Content-Type': ['text/plain', 'application/json'] }), 415],
  ['no content type', request({ 'Content-Type': undefined }), 415],
  ['a packed body', request({ 'Content-Encoding': 'gzip' }), 415],
  ['an empty body', request({}, { sent: '' }), 401],
  ['a host with a port', request({ Host: 'deploy.example.com:8000' }), 202],
])('%s is answered directly as the app answers it', async (_, text, status) => {
  const { direct, app, taken, fronts } = await both(text)
  expect(taken).toBe(true)
  expect(read(direct)).toEqual(read(app))
  expect(direct).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  const stored = await Promise.all(
    fronts.map(async ({ journal }) =>
      (await journal.deliveries()).map(({ event, after, skipped }) => ({ event, after, skipped })),
    ),
  )
  expect(stored[0]).toEqual(stored[1])
  // What a deployment says comes after them.
  expect(fronts[0]?.lines.slice(0, 4)).toEqual(fronts[1]?.lines.slice(0, 4))
})

test.each<[what: string, text: string, status: number]>([
  ['GET', request({}, { line: 'GET /webhook HTTP/1.1' }), 405],
  ['PUT', request({}, { line: 'PUT /webhook HTTP/1.1' }), 405],
  ['a slash too many', request({}, { line: 'POST /webhook/ HTTP/1.1' }), 202],
  ['a query', request({}, { line: 'POST /webhook?x HTTP/1.1' }), 202],
  ['another path', request({}, { line: 'POST /webhooks HTTP/1.1' }), 404],
  ['HTTP/1.0', request({}, { line: 'POST /webhook HTTP/1.0' }), 202],
  ['no host', request({ Host: undefined }), 400],
  ['a strange host', request({ Host: 'a b' }), 400],
  ['two hosts', request({ Host: ['one.example.com', 'two.example.com'] }), 202],
  [
    'a body in chunks',
    request({ 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' }, { sent: '0\r\n\r\n' }),
    401,
  ],
  ['a body that is announced too large', request({ 'Content-Length': '99999999' }), 413],
])('%s is left to the app', async (_, text, status) => {
  const { direct, app, taken } = await both(text)
  expect(taken).toBe(false)
  expect(read(direct)).toEqual(read(app))
  expect(direct).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

test('whoever fails too often is told to wait on either way', async () => {
  const { server } = front()
  const text = request({ 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` })
  for (let i = 0; i < 10; i++) await ask({ app: server.app }, text)
  for (let i = 0; i < 10; i++) await ask(server, text)
  expect(await ask(server, text)).toMatch(/^HTTP\/1.1 429 .*\r\nretry-after: \d+\r\n/is)
  expect(await ask({ app: server.app }, text)).toMatch(/^HTTP\/1.1 429 /)
  expect(await ask(server, request())).toMatch(/^HTTP\/1.1 202 /)
})
