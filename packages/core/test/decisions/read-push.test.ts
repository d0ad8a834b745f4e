import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { describePayload, readPush } from '../../src/decisions/read-push.ts'
import { isDeployError } from '../../src/errors.ts'
import { pushPayload } from '../../src/testing/signed-delivery.ts'

const before = '1'.repeat(40)
const after = '2'.repeat(40)
const zero = '0'.repeat(40)

test("reads GitHub's payload", () => {
  const payload = {
    ...pushPayload({ before, after, deleted: false }),
    created: false,
    commits: [],
    head_commit: null,
  }
  expect(readPush(payload)).toEqual({
    push: { repository: 'acme/shop', ref: 'refs/heads/main', before, after, pusher: 'ada' },
    deleted: false,
  })
})

test('S13: no address of a payload is read: a checkout is fetched from where its operator says', () => {
  const payload = pushPayload({ before, after })
  const address = 'http://169.254.169.254/latest'
  const hostile = {
    ...payload,
    compare: address,
    repository: {
      ...payload.repository,
      clone_url: address,
      ssh_url: address,
      git_url: address,
      url: address,
    },
  }
  expect(readPush(hostile)).toEqual(readPush(payload))
})

test("reads the seed's curl line, which says no more than this", () => {
  const payload = { repository: { name: 'your-repo' }, ref: 'refs/heads/main', pusher: { name: 'test-user' } }
  expect(readPush(payload)).toEqual({
    push: { repository: 'your-repo', ref: 'refs/heads/main', pusher: 'test-user' },
    deleted: false,
  })
})

test('a pusher may be missing', () => {
  const { push } = readPush({ repository: { name: 'shop' }, ref: 'refs/heads/main' })
  expect(push.pusher).toBe('unknown_pusher')
  expect(readPush({ ...pushPayload(), pusher: {} }).push.pusher).toBe('unknown_pusher')
})

test('commits are lower-cased, SHA-256 ones are commits, too', () => {
  const { push } = readPush(pushPayload({ before: 'AB'.repeat(20), after: 'cd'.repeat(32) }))
  expect(push).toMatchObject({ before: 'ab'.repeat(20), after: 'cd'.repeat(32) })
})

test('V14: a created ref has no commit before', () => {
  const { push, deleted } = readPush(pushPayload({ before: zero, after }))
  expect(push).not.toHaveProperty('before')
  expect(push.after).toBe(after)
  expect(deleted).toBe(false)
})

const deletions = {
  'it says so': pushPayload({ before, after, deleted: true }),
  'after is 40 zeros': pushPayload({ before, after: zero }),
  'after is 64 zeros': pushPayload({ before: '1'.repeat(64), after: '0'.repeat(64) }),
  'after is zeros, whatever it says': pushPayload({ before, after: zero, deleted: false }),
}
test.each(Object.entries(deletions))('V13: a ref is deleted when %s', (_, payload) => {
  expect(readPush(payload).deleted).toBe(true)
})

test('V13: zeros are no commit', () => {
  expect(readPush(pushPayload({ before, after: zero })).push).not.toHaveProperty('after')
})

const noObject = [null, undefined, [], [{}], 'x', '', 0, 1, true, false]
test.each(noObject)('V20: a payload that is no object is refused: %j', (payload) => {
  expect(() => readPush(payload)).toThrow(
    expect.objectContaining({
      code: 'payload_invalid',
      message: 'Not a valid push: the payload must be an object',
    }),
  )
})

test('V20: an empty payload is refused for its repository', () => {
  expect(refusal({})).toBe('Not a valid push: repository must be an object')
})

const noText = [null, 1, true, [], ['x'], {}, '', 'x'.repeat(1_001)]
const noSha = [
  null,
  1,
  true,
  [],
  {},
  '',
  'main',
  '1'.repeat(39),
  '1'.repeat(41),
  '1'.repeat(63),
  'g'.repeat(40),
  `${after}\n`,
  `-${'1'.repeat(39)}`,
]
const wrong: Readonly<Record<string, { readonly wanted: string; readonly values: readonly unknown[] }>> = {
  repository: { wanted: 'an object', values: [null, undefined, 1, true, 'acme/shop', [], [{}]] },
  'repository.name': { wanted: 'a text', values: [...noText, undefined] },
  'repository.full_name': { wanted: 'a text', values: noText },
  ref: { wanted: 'a text', values: [...noText, undefined] },
  before: { wanted: 'a full SHA', values: noSha },
  after: { wanted: 'a full SHA', values: noSha },
  deleted: { wanted: 'true or false', values: [null, 0, 1, 'true', '', [], {}] },
  pusher: { wanted: 'an object', values: [null, 1, true, 'ada', [], [{}]] },
  'pusher.name': { wanted: 'a text', values: noText },
}
const cases = Object.entries(wrong).flatMap(([path, { wanted, values }]) =>
  values.map((value) => ({ path, value, wanted })),
)
test.each(cases)('V20: $path must be $wanted: $value', ({ path, value, wanted }) => {
  const payload = replace(pushPayload({ before, after, deleted: false }), path, value)
  expect(refusal(payload)).toBe(`Not a valid push: ${path} must be ${wanted}`)
})

test('S31: nothing is read from a prototype', () => {
  const inherited: unknown = Object.create(pushPayload())
  expect(refusal(inherited)).toBe('Not a valid push: repository must be an object')
  const parsed: unknown = JSON.parse('{"__proto__":{"repository":{"name":"shop"},"ref":"refs/heads/main"}}')
  expect(refusal(parsed)).toBe('Not a valid push: repository must be an object')
})

test('S31: repositories with the names of what every object has are just names', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect(readPush(pushPayload({ repository: name })).push.repository).toBe(name)
  }
})

test('V20: whatever JSON comes, it is a push or refused as one', () => {
  const someJson = fc.jsonValue({ maxDepth: 3 })
  const almost = fc.record(
    {
      repository: fc.oneof(
        fc.record({ name: someJson, full_name: someJson }, { requiredKeys: [] }),
        someJson,
      ),
      ref: fc.oneof(fc.string(), someJson),
      before: someJson,
      after: someJson,
      deleted: someJson,
      pusher: someJson,
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(someJson, almost), (payload) => {
      expect(Object.values(describePayload(payload)).every((word) => typeof word === 'string')).toBe(true)
      try {
        expect(typeof readPush(payload).push.ref).toBe('string')
      } catch (error) {
        if (!isDeployError(error, 'payload_invalid')) throw error
      }
    }),
  )
})

const described: readonly (readonly [unknown, readonly [string, string, string]])[] = [
  [pushPayload(), ['shop', 'refs/heads/main', 'ada']],
  [{ zen: 'Speak like a human.', repository: { name: 'shop' } }, ['shop', 'unknown_ref', 'unknown_pusher']],
  [{ repository: null, ref: 1, pusher: 'ada' }, ['unknown_repository', 'unknown_ref', 'unknown_pusher']],
  [
    { repository: { name: ['shop'] }, pusher: { name: null } },
    ['unknown_repository', 'unknown_ref', 'unknown_pusher'],
  ],
  [null, ['unknown_repository', 'unknown_ref', 'unknown_pusher']],
  [[], ['unknown_repository', 'unknown_ref', 'unknown_pusher']],
  ['x', ['unknown_repository', 'unknown_ref', 'unknown_pusher']],
]
test.each(described)('describes %j in the words of the log', (payload, [repository, ref, pusher]) => {
  expect(describePayload(payload)).toEqual({ repository, ref, pusher })
})

/** Why the payload is refused. */
function refusal(payload: unknown): string {
  try {
    readPush(payload)
  } catch (error) {
    if (isDeployError(error, 'payload_invalid')) return error.message
    throw error
  }
  return 'not refused'
}

/** A copy with another value at `path`, such as `repository.name`; undefined takes it away. */
function replace(payload: object, path: string, value: unknown): object {
  const [key = '', ...rest] = path.split('.')
  const entries = new Map<string, unknown>(Object.entries(payload))
  const inner = entries.get(key)
  const next =
    rest.length > 0 && typeof inner === 'object' && inner !== null
      ? replace(inner, rest.join('.'), value)
      : value
  if (next === undefined) entries.delete(key)
  else entries.set(key, next)
  return Object.fromEntries(entries)
}
