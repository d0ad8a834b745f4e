import { expect, test } from 'vitest'
import { resolveApps, type ResolveAppsInput } from '../../src/decisions/resolve-apps.ts'
import { type App, type AppOptions, defineApp } from '../../src/domain/app.ts'
import type { Push } from '../../src/domain/push.ts'

const global = ['webhook.secrets[0]']

function app(name: string, options: Partial<AppOptions> = {}): App {
  return defineApp({ name, repository: `acme/${name}`, branch: 'main', path: `/srv/${name}`, ...options })
}

function pushed(repository: string, ref = 'refs/heads/main'): Push {
  return { repository, ref, pusher: 'ada' }
}

/** The names of the apps found, or why there are none. */
function resolve(
  push: Push,
  apps: readonly App[],
  rest: Partial<ResolveAppsInput> = {},
): readonly string[] | string {
  const resolved = resolveApps({ push, apps, deleted: false, ignore: [], signedBy: global, ...rest })
  return 'apps' in resolved
    ? resolved.apps.map(({ name }) => name)
    : `${resolved.because}: ${resolved.reason}`
}

const shop = app('shop')
const blog = app('blog')

test('finds the app that follows the repository and its branch', () => {
  expect(resolve(pushed('acme/shop'), [blog, shop])).toEqual(['shop'])
})

test('one push may concern several apps', () => {
  const staging = app('staging', { repository: 'acme/shop' })
  const other = app('other', { repository: 'acme/shop', branch: 'dev' })
  expect(resolve(pushed('acme/shop'), [shop, staging, other])).toEqual(['shop', 'staging'])
})

test('owner and name are compared without case, the branch with it', () => {
  expect(resolve(pushed('ACME/Shop'), [shop])).toEqual(['shop'])
  expect(resolve(pushed('acme/shop'), [app('shop', { repository: 'Acme/SHOP' })])).toEqual(['shop'])
  expect(resolve(pushed('acme/shop', 'refs/heads/Main'), [shop])).toBe(
    'not followed: shop follows main, not refs/heads/Main',
  )
})

test('a bare configured name matches any owner', () => {
  const bare = app('shop', { repository: 'Shop' })
  expect(resolve(pushed('acme/shop'), [bare])).toEqual(['shop'])
  expect(resolve(pushed('evil/shop'), [bare])).toEqual(['shop'])
  expect(resolve(pushed('shop'), [bare])).toEqual(['shop'])
  expect(resolve(pushed('acme/shop2'), [bare])).toBe('unknown repository: unknown repository acme/shop2')
})

test('a payload without owner matches by bare name when exactly one app has it', () => {
  expect(resolve(pushed('SHOP'), [shop, blog])).toEqual(['shop'])
  const two = [shop, app('fork', { repository: 'evil/shop' }), blog]
  expect(resolve(pushed('shop'), two)).toBe(
    'not followed: the payload names no owner, and 2 apps follow a repository called shop',
  )
  expect(resolve(pushed('acme/shop'), two)).toEqual(['shop'])
})

const unknown = [
  'acme/unknown',
  'evil/shop',
  'acme/shop/x',
  'acme',
  'constructor',
  '__proto__',
  'acme/__proto__',
  'toString',
  '/',
  '',
  ' shop',
  '../shop/..',
  '../../etc',
  '..%2fshop',
  'acme/../acme/shop',
  'acme/shop/',
  'acme/.git',
  'CON',
  'acme/shop\0',
  'acme/ѕhop',
  'acme／shop',
  `acme/${'shop'.repeat(75)}`,
]
test.each(unknown)('V15, S30, S31: is an unknown repository: %j', (repository) => {
  expect(resolve(pushed(repository), [shop, blog])).toBe(
    `unknown repository: unknown repository ${repository}`,
  )
})

test('V15: a letter that only looks like another one, or becomes it in lower case, is another one', () => {
  expect(resolve(pushed('acme/\u212Ait'), [app('kit')])).toBe(
    'unknown repository: unknown repository acme/\u212Ait',
  )
})

test('without apps every repository is unknown', () => {
  expect(resolve(pushed('acme/shop'), [])).toBe('unknown repository: unknown repository acme/shop')
})

const otherRefs = [
  'refs/heads/dev',
  'refs/heads/main2',
  'refs/heads/feature/main',
  'refs/tags/main',
  'refs/tags/v1',
  'main',
  'refs/pull/1/head',
  '',
]
test.each(otherRefs)('V13: does not follow %j', (ref) => {
  expect(resolve(pushed('acme/shop', ref), [shop])).toBe(`not followed: shop follows main, not ${ref}`)
})

test('says of each app that knows the repository what it follows', () => {
  const apps = [shop, app('next', { repository: 'acme/shop', branch: 'next' })]
  expect(resolve(pushed('acme/shop', 'refs/heads/dev'), apps)).toBe(
    'not followed: shop follows main, next follows next, not refs/heads/dev',
  )
})

test('where the branch is not known yet, every branch passes and no tag', () => {
  const { branch: _, ...unborn } = shop
  expect(resolve(pushed('acme/shop', 'refs/heads/whatever'), [unborn])).toEqual(['shop'])
  expect(resolve(pushed('acme/shop', 'refs/tags/v1'), [unborn])).toBe(
    'not followed: shop follows a branch, not refs/tags/v1',
  )
})

test('a branch with a slash is followed by its whole name', () => {
  const release = app('shop', { branch: 'release/1' })
  expect(resolve(pushed('acme/shop', 'refs/heads/release/1'), [release])).toEqual(['shop'])
})

test('V13: a deleted branch deploys nothing, whether followed or not', () => {
  expect(resolve(pushed('acme/shop'), [shop], { deleted: true })).toBe(
    'not followed: refs/heads/main was deleted',
  )
  expect(resolve(pushed('acme/shop', 'refs/heads/x'), [shop], { deleted: true })).toBe(
    'not followed: refs/heads/x was deleted',
  )
})

test('an ignored repository deploys nothing, even where an app follows it', () => {
  const deployer = app('deployer')
  for (const name of ['deployer', 'acme/deployer', 'Acme/Deployer']) {
    expect(resolve(pushed(name), [deployer], { ignore: ['deployer'] })).toBe(
      `ignored: repository ${name} is ignored`,
    )
  }
  expect(resolve(pushed('acme/deployer'), [deployer], { ignore: ['evil/deployer'] })).toEqual(['deployer'])
  expect(resolve(pushed('acme/deployer2'), [], { ignore: ['deployer'] })).toBe(
    'unknown repository: unknown repository acme/deployer2',
  )
})

const own = app('safe', {
  repository: 'acme/shop',
  webhookSecretIds: ['apps.safe.webhookSecrets[0]', 'apps.safe.webhookSecrets[1]'],
})
const signatures: readonly (readonly [string, readonly string[], readonly string[] | string])[] = [
  ['a global secret', ['webhook.secrets[1]'], ['shop']],
  ['the own secret of one app', ['apps.safe.webhookSecrets[1]'], ['safe']],
  ['a secret that is both', ['webhook.secrets[0]', 'apps.safe.webhookSecrets[0]'], ['shop', 'safe']],
  ['nothing, where that is allowed', [], ['shop']],
  [
    "another app's secret",
    ['apps.blog.webhookSecrets[0]'],
    'not its secret: shop, safe: not signed with a secret of this app',
  ],
]
test.each(signatures)('signed with %s', (_, signedBy, expected) => {
  expect(resolve(pushed('acme/shop'), [shop, own], { signedBy })).toEqual(expected)
})

test('an app with a secret of its own does not take a global one', () => {
  expect(resolve(pushed('acme/shop'), [own])).toBe(
    'not its secret: safe: not signed with a secret of this app',
  )
})
