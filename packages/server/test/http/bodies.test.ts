import { pushPayload } from '@fairway/core/testing'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { front, message } from './support.ts'

test.each([
  ['null', 'the payload'],
  ['[]', 'the payload'],
  ['"x"', 'the payload'],
  ['1', 'the payload'],
  ['{}', 'repository'],
  ['{"repository":null}', 'repository'],
  ['{"repository":[]}', 'repository'],
  ['{"refUpdates":[],"changes":[]}', 'repository'],
  ['{"repository":{}}', 'repository.name'],
  ['{"repository":{"name":5},"ref":"x"}', 'repository.name'],
  ['{"repository":{"name":"shop","full_name":{}},"ref":"x"}', 'repository.full_name'],
  ['{"repository":{"name":"shop"}}', 'ref'],
  ['{"repository":{"name":"shop"},"ref":7}', 'ref'],
  ['{"repository":{"name":"shop"},"ref":"x","before":"main"}', 'before'],
  ['{"repository":{"name":"shop"},"ref":"x","after":1}', 'after'],
  ['{"repository":{"name":"shop"},"ref":"x","deleted":"yes"}', 'deleted'],
  ['{"repository":{"name":"shop"},"ref":"x","pusher":"ada"}', 'pusher'],
  ['{"repository":{"name":"shop"},"ref":"x","pusher":{"name":[]}}', 'pusher.name'],
])('V20: a signed %s is answered 400, naming %s, and the server lives', async (body, path) => {
  const { post } = front()
  const refused = await post({ body })
  expect(refused.status).toBe(400)
  expect(refused.body).toEqual({ detail: expect.stringContaining(`: ${path} must be `) as string })
  expect((await post()).status).toBe(202)
})

test.each(['', '{', 'nul', '{} {}', '\0', 'ref=x', '{"a":01}', "{'a':1}"])(
  'V20: a signed %j is no JSON, which is said',
  async (body) => {
    const { post } = front()
    expect(await post({ body })).toMatchObject({
      status: 400,
      body: { detail: 'The payload is not valid JSON' },
    })
  },
)

test('S31: keys of prototypes are just keys', async () => {
  const { post } = front()
  const hidden =
    '{"__proto__":{"repository":{"name":"shop","full_name":"acme/shop"},"ref":"refs/heads/main"}}'
  expect((await post({ body: hidden })).status).toBe(400)
  const beside = `{"constructor":{"prototype":{"ref":"x"}},"__proto__":{"deleted":true},${JSON.stringify(pushPayload()).slice(1)}`
  expect(await post({ body: beside })).toMatchObject({
    status: 202,
    body: { deployments: [{ app: 'shop' }] },
  })
  expect(({} as { ref?: string; deleted?: boolean }).deleted).toBeUndefined()
})

test('S32: a million levels, signed or not, are refused at once, and hold nobody up', async () => {
  const { post } = front()
  const body = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
  const began = performance.now()
  const deep = post({ body })
  const unsigned = post({ body, headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } })
  expect(await deep).toMatchObject({
    status: 400,
    body: { detail: 'The payload is nested more than 100 levels deep' },
  })
  expect((await unsigned).status).toBe(401)
  expect(performance.now() - began).toBeLessThan(2_000)
})

test('S32: of two keys with one name the last counts, as in JSON everywhere', async () => {
  const { post } = front()
  const body = '{"ref":"refs/heads/x","ref":"refs/heads/main","repository":{"name":"shop"}}'
  expect((await post({ body })).body['deployments']).toHaveLength(1)
})

test('V19: a body of 25 MiB is read, one byte more is not', async () => {
  const { post } = front()
  const most = 25 * 1024 * 1024
  const padded = JSON.stringify({ ...pushPayload(), x: '' })
  const body = padded.replace('"x":""', `"x":"${'x'.repeat(most - padded.length)}"`)
  expect(await post({ body })).toMatchObject({ status: 202, body: { message } })
  expect(await post({ body: `${body} ` })).toMatchObject({
    status: 413,
    body: { detail: 'The body is larger than 25 MiB' },
  })
})

test('V19: what a length says is believed before anything is read', async () => {
  const { server } = front()
  let read = false
  const body = new ReadableStream({ pull: () => void (read = true) }, { highWaterMark: 0 })
  const headers = { 'content-length': String(25 * 1024 * 1024 + 1) }
  const answer = await server.app.request('/webhook', { method: 'POST', headers, body, duplex: 'half' })
  expect(answer.status).toBe(413)
  expect(read).toBe(false)
})

test.each(['gzip', 'GZIP', 'br', 'deflate', 'gzip, gzip', 'identity, gzip', 'x'])(
  'S35: a body packed with %s is refused, not unpacked',
  async (encoding) => {
    const { post } = front()
    const body = gzipSync('0'.repeat(50_000_000))
    expect(await post({ body, headers: { 'content-encoding': encoding } })).toMatchObject({
      status: 415,
      body: { detail: 'Content-Encoding is not supported' },
    })
    expect((await post({ headers: { 'content-encoding': 'Identity' } })).status).toBe(202)
  },
)

test.each([
  ['text/plain', 'Content type text/plain is not supported'],
  [
    'application/json, application/x-www-form-urlencoded',
    'Content type application/json, application/x-www-form-urlencoded is not supported',
  ],
  ['multipart/form-data; boundary=x', 'Content type multipart/form-data is not supported'],
  [undefined, 'A delivery without a content type is not supported'],
])('another content type is refused: %s', async (type, detail) => {
  const { post } = front()
  expect(await post({ headers: { 'content-type': type } })).toMatchObject({ status: 415, body: { detail } })
})

test('two events, or none, are no event', async () => {
  const { post, journal } = front()
  for (const event of ['push, ping', 'push, push', '\u00e9']) {
    expect(await post({ event })).toMatchObject({
      status: 400,
      body: { detail: 'X-GitHub-Event must be the name of one event' },
    })
  }
  expect(await post({ headers: { 'x-github-event': undefined } })).toMatchObject({
    status: 400,
    body: { detail: 'X-GitHub-Event header missing' },
  })
  expect(await journal.deliveries()).toEqual([])
})
