import { pushPayload } from '@fairway/core/testing'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { pushBody } from '../../src/http/bodies.ts'
import { memoryJournal } from '../../src/index.ts'
import { checkDocument, type Document } from './open-api-rules.ts'
import { type Answer, front, type Front, type Given } from './support.ts'

async function documentOf({ get }: Front): Promise<Document> {
  return (await get('/openapi.json')).body as unknown as Document
}

test('keeps the rules of OpenAPI 3.1', async () => {
  const document = await documentOf(front())
  expect(checkDocument(document)).toEqual([])
})

test('the rules find what is wrong', async () => {
  const document = await documentOf(front())
  const broken = structuredClone(document) as unknown as Record<
    string,
    Record<string, Record<string, object>>
  >
  Object.assign(broken['paths']?.['/webhook']?.['post'] ?? {}, {
    operationId: 'status',
    responses: {
      20: {},
      200: { description: 'x', content: { 'application/json': { schema: { $ref: '#/x/y' } } } },
    },
    parameters: [{ name: 'id', in: 'path', schema: {} }],
  })
  expect(checkDocument(broken as unknown as Document)).toEqual([
    'paths./webhook.post.responses.20: not a status',
    'paths./webhook.post.parameters.0: not in the path',
    'status: operationId is not unique',
    '#/x/y: leads nowhere',
  ])
})

test('every route is in it, and nothing else', async () => {
  const to = front()
  const { paths } = await documentOf(to)
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
  // What stands for all paths is no route but something in front of them.
  const routes = to.server.app.routes
    .filter(({ path }) => path !== '/*')
    .map(({ method, path }) => `${method} ${path}`)
  expect(new Set(described)).toEqual(new Set(routes))
  expect(described).toHaveLength(6)
})

test('every example is what its schema says', async () => {
  const document = await documentOf(front())
  let looked = 0
  for (const { content } of everyContent(document)) {
    for (const { schema, examples = {} } of Object.values(content)) {
      for (const { value } of Object.values(examples)) {
        expect(validator(document, schema).safeParse(value).error).toBeUndefined()
        looked += 1
      }
    }
  }
  expect(looked).toBeGreaterThan(20)
})

const forged = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }
const asked: readonly (readonly [string, string, number, (to: Front) => Promise<Answer>])[] = [
  ['/', 'get', 200, ({ get }) => get('/')],
  ['/', 'get', 303, ({ get }) => get('/', { accept: 'text/html' })],
  ['/healthz', 'get', 200, ({ get }) => get('/healthz')],
  ['/readyz', 'get', 200, ({ get }) => get('/readyz')],
  ['/readyz', 'get', 503, ({ get, git }) => (git.fail('version'), get('/readyz'))],
  ['/docs', 'get', 200, ({ get }) => get('/docs')],
  ['/openapi.json', 'get', 200, ({ get }) => get('/openapi.json')],
  ['/webhook', 'post', 202, ({ post }) => post()],
  ['/webhook', 'post', 202, ({ post }) => post({ payload: pushPayload({ repository: 'acme/x' }) })],
  ['/webhook', 'post', 200, ({ post }) => post({ event: 'ping', payload: {} })],
  ['/webhook', 'post', 200, async ({ post }) => (await post({ id: 'x' }), post({ id: 'x' }))],
  ['/webhook', 'post', 400, ({ post }) => post({ body: '{}' })],
  ['/webhook', 'post', 400, ({ post }) => post({ body: '{' })],
  ['/webhook', 'post', 401, ({ post }) => post({ headers: { 'x-hub-signature-256': undefined } })],
  ['/webhook', 'post', 401, ({ post }) => post({ headers: forged })],
  ['/webhook', 'post', 413, ({ post }) => post({ body: new Uint8Array(25 * 1024 * 1024 + 1) })],
  ['/webhook', 'post', 415, ({ post }) => post({ contentType: 'text/plain' })],
  ['/webhook', 'post', 415, ({ post }) => post({ headers: { 'content-encoding': 'gzip' } })],
  ['/webhook', 'post', 429, tooManyTimes],
]
test.each(asked)(
  'what %s answers to %s with %d is what the document says',
  async (path, method, status, ask) => {
    await expectDescribed(front(), path, method, status, ask)
  },
)

test('so is what it answers without a status page, a journal or its wits', async () => {
  const hidden = front({ config: { server: { statusPage: false } } })
  await expectDescribed(hidden, '/', 'get', 404, ({ get }) => get('/'))
  const full = { ...memoryJournal(), accept: () => Promise.reject(new Error('disk full')) }
  await expectDescribed(front({ journal: full }), '/webhook', 'post', 503, ({ post }) => post())
  const broken = front({
    broken: true,
    journal: {
      ...memoryJournal(),
      check: () => {
        throw new Error('a bug')
      },
    },
  })
  await expectDescribed(broken, '/readyz', 'get', 500, ({ get }) => get('/readyz'))
})

test('every status that is described was looked at', async () => {
  const document = await documentOf(front())
  const seen = new Set([
    ...asked.map(([path, method, status]) => `${method} ${path} ${status}`),
    'get / 404',
    'post /webhook 503',
    'get /readyz 500',
  ])
  const described = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { responses }]) =>
      Object.keys(responses).map((status) => `${method} ${path} ${status}`),
    ),
  )
  // A bug answers alike everywhere.
  expect(described.filter((one) => !seen.has(one) && !one.endsWith(' 500'))).toEqual([])
})

test('a push is what the schema says, and nothing else', async () => {
  const to = front()
  const json = fc.jsonValue({ maxDepth: 2 })
  const sha = fc.constantFrom('0'.repeat(40), 'a'.repeat(64), 'A'.repeat(40), 'x', 5, null)
  const word = fc.oneof(fc.constantFrom('shop', 'refs/heads/main', '', 'x'.repeat(1_001)), json)
  const payload = fc.record(
    {
      ref: word,
      before: sha,
      after: sha,
      deleted: fc.oneof(fc.boolean(), json),
      repository: fc.oneof(fc.record({ name: word, full_name: word }, { requiredKeys: [] }), json),
      pusher: fc.oneof(fc.record({ name: word }, { requiredKeys: [] }), json),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(payload, async (given) => {
      // As it comes out of JSON, where undefined and a prototype's key cannot be.
      const sent: unknown = JSON.parse(JSON.stringify(given))
      const { status } = await to.post({ payload: sent } satisfies Given)
      expect(status === 202).toBe(pushBody.safeParse(sent).success)
    }),
    { numRuns: 300 },
  )
})

/** Asks, and holds the answer against what the document has for its status: body, type and headers. */
async function expectDescribed(
  to: Front,
  path: string,
  method: string,
  status: number,
  ask: (to: Front) => Promise<Answer>,
): Promise<void> {
  const document = await documentOf(to)
  const answer = await ask(to)
  expect(answer.status).toBe(status)
  const described = document.paths[path]?.[method]?.responses[status]
  if (!described) throw new Error(`${method} ${path} ${status} is not described`)
  const type = answer.headers.get('content-type')?.split(';')[0] ?? 'none'
  expect(Object.keys(described.content ?? { none: {} })).toEqual([type])
  if (type === 'application/json') {
    const schema = described.content?.[type]?.schema ?? {}
    expect(validator(document, schema).safeParse(answer.body).error).toBeUndefined()
  }
  for (const name of ['Location', 'Retry-After']) {
    expect([name, answer.headers.has(name)]).toEqual([name, described.headers?.[name] !== undefined])
  }
}

async function tooManyTimes({ post }: Front): Promise<Answer> {
  for (let i = 0; i < 20; i++) await post({ headers: forged })
  return post({ headers: forged })
}

function everyContent({ paths }: Document) {
  const operations = Object.values(paths).flatMap((item) => Object.values(item))
  return operations
    .flatMap(({ responses, requestBody }) => [
      ...Object.values(responses),
      ...(requestBody ? [requestBody] : []),
    ])
    .map(({ content = {} }) => ({ content }))
}

/** The schema as something that checks, with the components it refers to. */
function validator({ components }: Document, schema: object): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: components.schemas })
  return z.fromJSONSchema(
    JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as z.core.JSONSchema.JSONSchema,
  )
}
