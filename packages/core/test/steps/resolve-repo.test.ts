import { expect, test } from 'vitest'
import { type App, type AppOptions, defineApp } from '../../src/domain/app.ts'
import type { Delivery } from '../../src/domain/delivery.ts'
import type { Push } from '../../src/domain/push.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { resolveRepo, type ResolveRepoOptions } from '../../src/steps/resolve-repo.ts'
import { type Verified, verifySignature } from '../../src/steps/verify-signature.ts'
import { pushPayload, signedDelivery, type SignedDeliveryOptions } from '../../src/testing/signed-delivery.ts'

const secret = 'the global secret of the server'
const own = { id: 'apps.safe.webhookSecrets[0]', value: 'the secret of one app alone' }

function app(name: string, options: Partial<AppOptions> = {}): App {
  return defineApp({ name, repository: `acme/${name}`, branch: 'main', path: `/srv/${name}`, ...options })
}

interface Result {
  readonly outcome: Outcome<{ delivery: Delivery; push: Push; apps: readonly App[] } & Verified>
  /** Without what `verifySignature` says. */
  readonly log: readonly string[]
}

/** Receives a delivery as the server does. */
async function receive(
  sent: Partial<SignedDeliveryOptions>,
  options: Partial<ResolveRepoOptions> = {},
): Promise<Result> {
  const log: string[] = []
  const write =
    (level: string) =>
    (message: string): void =>
      void log.push(`${level} - ${message}`)
  const outcome = await pipeline<{ delivery: Delivery }>()
    .use(verifySignature({ secrets: [secret, own] }))
    .use(resolveRepo({ apps: [app('shop'), app('blog')], ignore: ['deployer'], ...options }))
    .run(
      { delivery: signedDelivery({ secret, ...sent }) },
      { log: { debug: write('DEBUG'), info: write('INFO'), warn: write('WARNING'), error: write('ERROR') } },
    )
  return { outcome, log: log.slice(2) }
}

test.each(['application/json', 'application/x-www-form-urlencoded'])(
  'finds the app of a push sent as %s',
  async (contentType) => {
    const [before, after] = ['1'.repeat(40), '2'.repeat(40)]
    const { outcome, log } = await receive({ contentType, payload: pushPayload({ before, after }) })
    expect(outcome).toMatchObject({
      status: 'success',
      ctx: {
        push: { repository: 'acme/shop', ref: 'refs/heads/main', before, after, pusher: 'ada' },
        apps: [{ name: 'shop' }],
      },
    })
    expect(log).toEqual(['INFO - Event: push, Repo: shop, Ref: refs/heads/main, Pusher: ada'])
  },
)

test("finds the app of the seed's curl line", async () => {
  const body = '{"repository":{"name":"shop"},"ref":"refs/heads/main","pusher":{"name":"test-user"}}'
  const { outcome, log } = await receive({ body })
  expect(outcome).toMatchObject({ status: 'success', ctx: { apps: [{ name: 'shop' }] } })
  expect(log).toEqual(['INFO - Event: push, Repo: shop, Ref: refs/heads/main, Pusher: test-user'])
})

test('asks for the apps as they are now', async () => {
  let apps = [app('shop')]
  const options = { apps: async () => apps }
  apps = [app('new', { repository: 'acme/shop' })]
  expect((await receive({}, options)).outcome).toMatchObject({ ctx: { apps: [{ name: 'new' }] } })
})

const skips: readonly (readonly [string, Partial<SignedDeliveryOptions>, string, string | undefined])[] = [
  [
    'an unknown repository',
    { payload: pushPayload({ repository: 'acme/x' }) },
    'unknown repository acme/x',
    'WARNING - 🚫 Unknown repository: x',
  ],
  [
    'the same name of another owner',
    { payload: pushPayload({ repository: 'evil/shop' }) },
    'unknown repository evil/shop',
    'WARNING - 🚫 Unknown repository: shop',
  ],
  [
    'a repository called constructor',
    { payload: pushPayload({ repository: 'constructor' }) },
    'unknown repository constructor',
    'WARNING - 🚫 Unknown repository: constructor',
  ],
  [
    'the deployer itself',
    { payload: pushPayload({ repository: 'acme/deployer' }) },
    'repository acme/deployer is ignored',
    'INFO - ⚙️ Deployer self-update skipped.',
  ],
  [
    'another branch',
    { payload: pushPayload({ ref: 'refs/heads/dev' }) },
    'shop follows main, not refs/heads/dev',
    'INFO - Nothing to deploy: shop follows main, not refs/heads/dev',
  ],
  [
    'a tag',
    { payload: pushPayload({ ref: 'refs/tags/v1' }) },
    'shop follows main, not refs/tags/v1',
    'INFO - Nothing to deploy: shop follows main, not refs/tags/v1',
  ],
  [
    'a deleted branch',
    { payload: pushPayload({ after: '0'.repeat(40) }) },
    'refs/heads/main was deleted',
    'INFO - Nothing to deploy: refs/heads/main was deleted',
  ],
  [
    'a deleted branch of a SHA-256 repository',
    { payload: pushPayload({ after: '0'.repeat(64) }) },
    'refs/heads/main was deleted',
    'INFO - Nothing to deploy: refs/heads/main was deleted',
  ],
  [
    "another app's secret",
    { secret: own.value },
    'shop: not signed with a secret of this app',
    'INFO - Nothing to deploy: shop: not signed with a secret of this app',
  ],
  [
    'ping',
    { event: 'ping', payload: { zen: 'x', repository: { name: 'shop' } } },
    'event ping, not a push',
    undefined,
  ],
  ['another event', { event: 'star', payload: null }, 'event star, not a push', undefined],
]
test.each(skips)('V12, V13, V15, V16: skips, and tells why: %s', async (_, sent, reason, line) => {
  const { outcome, log } = await receive(sent)
  expect(outcome).toMatchObject({ status: 'skipped', step: 'resolveRepo', reason })
  expect(log[0]).toMatch(/^INFO - Event: \w+, Repo: \w+, Ref: \S+, Pusher: \w+$/)
  expect(log.slice(1)).toEqual(line === undefined ? [] : [line])
})

test('only the deployer where it is ignored is called that', async () => {
  const { outcome, log } = await receive({}, { ignore: ['acme/shop'] })
  expect(outcome).toMatchObject({ status: 'skipped', reason: 'repository acme/shop is ignored' })
  expect(log.at(-1)).toBe('INFO - Nothing to deploy: repository acme/shop is ignored')

  const payload = pushPayload({ repository: 'acme/deployer', ref: 'refs/heads/dev' })
  const followed = await receive({ payload }, { apps: [app('deployer')], ignore: [] })
  expect(followed.log.at(-1)).toBe('INFO - Nothing to deploy: deployer follows main, not refs/heads/dev')
})

test('what other events do not say is called unknown, as the seed has it', async () => {
  const { log } = await receive({ event: 'ping', payload: {} })
  expect(log).toEqual([
    'INFO - Event: ping, Repo: unknown_repository, Ref: unknown_ref, Pusher: unknown_pusher',
  ])
})

test('an app with a secret of its own is found by that one alone', async () => {
  const apps = [app('shop'), app('safe', { repository: 'acme/shop', webhookSecretIds: [own.id] })]
  const names = async (by: string): Promise<readonly string[]> => {
    const { outcome } = await receive({ secret: by }, { apps })
    return outcome.ctx.apps?.map(({ name }) => name) ?? []
  }
  expect(await names(secret)).toEqual(['shop'])
  expect(await names(own.value)).toEqual(['safe'])
})

test.each([null, [], 'x', {}, { repository: null }, { repository: [] }])(
  'V20: a signed %j is refused as a push',
  async (payload) => {
    const { outcome, log } = await receive({ payload })
    expect(outcome).toMatchObject({
      status: 'failure',
      step: 'resolveRepo',
      error: {
        code: 'payload_invalid',
        message: expect.stringMatching(/^Not a valid push: (the payload|repository) must be/),
      },
    })
    expect(log).toEqual([
      'INFO - Event: push, Repo: unknown_repository, Ref: unknown_ref, Pusher: unknown_pusher',
    ])
  },
)

test('what is no JSON, or of another type, is refused before it is looked at', async () => {
  const { outcome, log } = await receive({ body: 'x' })
  expect(outcome).toMatchObject({ status: 'failure', error: { code: 'payload_invalid' } })
  expect(log).toEqual([])
  expect((await receive({ contentType: 'text/plain' })).outcome).toMatchObject({
    error: { code: 'content_type_unsupported' },
  })
})

test('text from outside can neither forge a log line nor reach a terminal', async () => {
  const evil = 'x\n2026-01-31 12:00:00,000 - INFO - ✅ Deployment task for shop finished.\u001b[2J\u202e'
  const payloads = [
    pushPayload({ pusher: evil }),
    pushPayload({ repository: `acme/${evil}` }),
    pushPayload({ ref: `refs/heads/${evil}` }),
    pushPayload({ ref: `refs/heads/${evil.repeat(10)}` }),
  ]
  for (const payload of payloads) {
    const { outcome, log } = await receive({ payload })
    const told = [...log, 'reason' in outcome ? outcome.reason : '']
    for (const line of told) {
      expect(line).not.toMatch(/[\p{Cc}\u202e]/u)
      expect(line.length).toBeLessThan(700)
    }
    expect(told.join()).toContain('x\\n2026-01-31')
  }
})

test('where to clone from is never taken from the payload', async () => {
  const payload = {
    ...pushPayload(),
    repository: {
      name: 'shop',
      full_name: 'acme/shop',
      clone_url: 'ext::sh -c evil',
      ssh_url: 'evil',
      url: 'evil',
    },
  }
  const { outcome } = await receive({ payload })
  const { push, apps } = outcome.ctx
  expect(JSON.stringify({ push, apps })).not.toContain('evil')
})

test('says for which apps the commits in the payload make a deployment unlikely', async () => {
  const after = '2'.repeat(40)
  const apps = [app('shop'), app('docs', { repository: 'acme/shop', paths: ['docs/**'] })]
  const commit = { id: after, message: 'Fix', added: ['src/a'], modified: [], removed: [] }
  const unlikely = async (commits: readonly unknown[]): Promise<readonly string[] | undefined> => {
    const { outcome } = await receive({ payload: { ...pushPayload({ after }), commits } }, { apps })
    return outcome.status === 'success' ? outcome.ctx.push.unlikely : ['not resolved']
  }
  expect(await unlikely([commit])).toEqual(['docs'])
  expect(await unlikely([{ ...commit, message: 'Fix [skip ci]' }])).toEqual(['shop', 'docs'])
  expect(await unlikely([{ ...commit, added: ['docs/a'] }])).toBeUndefined()
})
