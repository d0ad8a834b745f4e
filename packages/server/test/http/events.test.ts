import { pushPayload } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { front, type Given, message } from './support.ts'

const zero = '0'.repeat(40)
const tip = '1'.repeat(40)
const forged = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }

test('V12: ping is verified first, answered 200, and deploys nothing', async () => {
  const { post, compose, journal } = front()
  const ping = { event: 'ping', payload: { zen: 'Keep it simple.', repository: { name: 'shop' } } }
  expect((await post({ ...ping, headers: forged })).status).toBe(401)
  expect(await post({ ...ping, id: 'd-1' })).toMatchObject({
    status: 200,
    body: { message, delivery: 'd-1', deployments: [], skipped: 'event ping, not a push' },
  })
  expect(await journal.deployments()).toEqual([])
  expect(compose.calls).toEqual([])
})

test.each<[string, Given, string]>([
  [
    'V13: another branch',
    { payload: pushPayload({ ref: 'refs/heads/x' }) },
    'shop follows main, not refs/heads/x',
  ],
  ['V13: a tag', { payload: pushPayload({ ref: 'refs/tags/v1' }) }, 'shop follows main, not refs/tags/v1'],
  [
    'V13: a tag called main',
    { payload: pushPayload({ ref: 'refs/tags/main' }) },
    'shop follows main, not refs/tags/main',
  ],
  ['V13: deleted', { payload: pushPayload({ deleted: true }) }, 'refs/heads/main was deleted'],
  ['V13: 40 zeros', { payload: pushPayload({ after: zero }) }, 'refs/heads/main was deleted'],
  ['V13: 64 zeros', { payload: pushPayload({ after: '0'.repeat(64) }) }, 'refs/heads/main was deleted'],
  [
    'V15: an unknown repository',
    { payload: pushPayload({ repository: 'acme/other' }) },
    'unknown repository acme/other',
  ],
  [
    'V15: the same name of another owner',
    { payload: pushPayload({ repository: 'evil/shop' }) },
    'unknown repository evil/shop',
  ],
  ['V16: another event', { event: 'star' }, 'event star, not a push'],
  [
    'V16: an event nobody knows',
    { event: 'merge_queue.v9', payload: null },
    'event merge_queue.v9, not a push',
  ],
  ['S30: up and out', { payload: pushPayload({ repository: '../../etc' }) }, 'unknown repository ../../etc'],
  [
    'S30: up and out, encoded',
    { payload: pushPayload({ repository: '..%2fshop' }) },
    'unknown repository ..%2fshop',
  ],
  [
    'S30: up and back',
    { payload: pushPayload({ repository: 'acme/x/../../acme/shop' }) },
    'unknown repository acme/x/../../acme/shop',
  ],
  ['S30: .git', { payload: pushPayload({ repository: '.git' }) }, 'unknown repository .git'],
  ['S30: a device of Windows', { payload: pushPayload({ repository: 'CON' }) }, 'unknown repository CON'],
  [
    'S30: a NUL',
    { payload: pushPayload({ repository: 'acme/shop\0' }) },
    'unknown repository acme/shop\\x00',
  ],
  [
    'S30: a look-alike',
    { payload: pushPayload({ repository: 'acme/ѕhop' }) },
    'unknown repository acme/ѕhop',
  ],
  [
    'S30: 300 letters',
    { payload: pushPayload({ repository: 'x'.repeat(300) }) },
    `unknown repository ${'x'.repeat(300)}`,
  ],
  [
    'S31: constructor',
    { payload: pushPayload({ repository: 'constructor' }) },
    'unknown repository constructor',
  ],
  [
    'S31: toString',
    { payload: pushPayload({ repository: 'acme/toString' }) },
    'unknown repository acme/toString',
  ],
  ['S31: __proto__', { payload: pushPayload({ repository: '__proto__' }) }, 'unknown repository __proto__'],
  [
    'the deployer itself',
    { payload: pushPayload({ repository: 'acme/deployer' }) },
    'repository acme/deployer is ignored',
  ],
])('%s is answered 202 with the reason, and deploys nothing', async (_, given, skipped) => {
  const { post, journal, git, compose } = front()
  expect((await post({ id: 'd-1', ...given })).body).toEqual({
    message,
    delivery: 'd-1',
    deployments: [],
    skipped,
  })
  expect(await journal.deployments()).toEqual([])
  expect([...git.calls, ...compose.calls]).toEqual([])
})

test.each(['../x', 'a/b', '..', '.git', 'Constructor', '__proto__', 'a\0', '-x', 'x'.repeat(64), ''])(
  'S30: an app cannot be called %j',
  (name) => {
    const apps = Object.fromEntries([[name, { repository: 'acme/shop', path: '/srv/shop' }]])
    expect(() => front({ config: { apps } })).toThrow(/apps/)
  },
)

test.each(['', '-p', 'a b', '../x', 'Shop/x'])('S30: a Compose project cannot be called %j', (project) => {
  const shop = { repository: 'acme/shop', path: '/srv/shop', project }
  expect(() => front({ config: { apps: { shop } } })).toThrow(/apps\.shop\.project/)
})

test('V14: a created ref deploys, and everything is built', async () => {
  const { post, compose, engine, settled } = front()
  const payload = { ...pushPayload({ before: zero, after: tip }), created: true }
  expect((await post({ payload })).body['deployments']).toHaveLength(1)
  await settled()
  expect(engine.calls).toContain('build web')
  expect(compose.calls).toEqual(['up shop web'])
})

test('V14: a forced push deploys, and is built where the commit before it is gone', async () => {
  const { post, compose, git, journal, settled } = front()
  await post()
  await settled()
  const after = git.commit('refs/heads/main', { 'web/index.html': 'other\n' }, { orphan: true })
  const payload = { ...pushPayload({ before: 'f'.repeat(40), after }), forced: true }
  await post({ payload })
  await settled()
  expect(compose.calls).toEqual(['up shop web', 'up shop web'])
  expect((await journal.deployments())[0]).toMatchObject({ status: 'success', commit: after })
})

test('S36: an old delivery sent again under a new id deploys the tip, not what it once brought', async () => {
  const { post, git, journal, settled } = front()
  const old = git.commit('refs/heads/main', { 'web/index.html': 'old\n' })
  const captured = { payload: pushPayload({ after: old }) }
  await post({ ...captured, id: 'captured' })
  await settled()
  expect((await journal.deployments())[0]).toMatchObject({ status: 'success', commit: old })
  const newer = git.commit('refs/heads/main', { 'web/index.html': 'new\n' })
  await post({ payload: pushPayload({ before: old, after: newer }) })
  await settled()
  expect((await post({ ...captured, id: 'replayed' })).status).toBe(202)
  await settled()
  expect((await journal.deployments())[0]).toMatchObject({ status: 'success', commit: newer })
})

test('S36: under its own id it is a duplicate', async () => {
  const { post, journal, settled } = front()
  await post({ id: 'captured' })
  await settled()
  for (let i = 0; i < 100; i++) await post({ event: 'star', id: `between-${i}` })
  expect(await post({ id: 'captured' })).toMatchObject({ status: 200, body: { duplicate: true } })
  expect(await journal.deployments()).toHaveLength(1)
})

test('S30: what is sent as an id never becomes one unless it looks like one', async () => {
  const { post } = front()
  for (const id of ['../../x', '..%2fx', 'a b', 'x'.repeat(65), 'a, b', 'größe']) {
    expect((await post({ id })).body['delivery']).toMatch(/^[0-9a-f-]{36}$/)
  }
})
