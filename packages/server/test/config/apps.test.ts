import { symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { appComplaints, check, complaints, folder, load, mistakesOf, shop } from './support.ts'

test.each(['shop', 's', '1', 'a-b_c', 'constructor', 'hasownproperty', 'a'.repeat(63)])(
  'an app may be called %s',
  async (name) => {
    const { apps } = await load(`apps:\n  ${name}:\n    repository: acme/shop\n    path: /srv/shop\n`)
    expect(apps).toMatchObject([{ name, project: name, path: '/srv/shop' }])
  },
)

test.each(['Shop', '-a', '_a', 'a.b', 'a b', '', '__proto__', 'a'.repeat(64), 'ä'])(
  'an app may not be called %j',
  async (name) => {
    const yaml = `apps:\n  ${JSON.stringify(name)}:\n    repository: acme/shop\n    path: /srv/shop\n    project: shop\n`
    const [mistake, ...more] = await mistakesOf(load(yaml))
    expect(mistake).toMatchObject({
      message: expect.stringContaining('is not a name for an app'),
      line: '2:3',
    })
    expect(more).toEqual([])
  },
)

test.each([['acme/shop'], ['Acme.Inc/shop-1_x'], ['group/sub/shop']])('the repository %s', (repository) => {
  expect(check({ apps: { shop: { ...shop, repository } } }).warnings).toEqual([])
})

test('a bare repository name is warned about', () => {
  expect(check({ apps: { shop: { ...shop, repository: 'shop' } } }).warnings).toEqual([
    'apps.shop.repository is a bare name, which matches that repository of any owner: write owner/name',
  ])
})

test.each([
  ['', 'must not be empty'],
  ['acme/', 'must be owner/name, of letters, digits, - _ and .'],
  ['/shop', 'must be owner/name, of letters, digits, - _ and .'],
  ['acme//shop', 'must be owner/name, of letters, digits, - _ and .'],
  ['acme/..', 'must be owner/name, of letters, digits, - _ and .'],
  ['acme/a b', 'must be owner/name, of letters, digits, - _ and .'],
  ['acme/shop.git', 'must be written without .git'],
  ['https://github.com/acme/shop', 'must be owner/name, not a URL (that is `url`)'],
  ['git@github.com:acme/shop', 'must be owner/name, not a URL (that is `url`)'],
  [7, 'must be text: put it in quotes'],
  [null, 'must be text'],
])('the repository %j: %s', (repository, message) => {
  expect(appComplaints({ repository })).toEqual([`apps.shop.repository: ${message}`])
})

test.each(['main', 'feature/x-1', 'v1.2', 'ümlaut', 'a@b'])('the branch %s', (branch) => {
  expect(appComplaints({ branch })).toEqual([])
})

test.each([
  ['-x', 'is not a name that git allows for a branch'],
  ['a..b', 'is not a name that git allows for a branch'],
  ['a b', 'is not a name that git allows for a branch'],
  ['a~1', 'is not a name that git allows for a branch'],
  ['a.lock', 'is not a name that git allows for a branch'],
  ['/a', 'is not a name that git allows for a branch'],
  ['HEAD', 'is not a name that git allows for a branch'],
  ['@{-1}', 'is not a name that git allows for a branch'],
  ['a\nb', 'must not have control characters in it'],
  ['refs/heads/main', 'must be the branch alone, such as main, without refs/heads/'],
  ['refs/tags/v1', 'must be a branch, such as main; other refs are not followed'],
  [1.1, 'must be text: put it in quotes'],
])('the branch %j: %s', (branch, message) => {
  expect(appComplaints({ branch })).toEqual([`apps.shop.branch: ${message}`])
})

test.each([
  [{ compose: { files: ['/etc/x.yml'] } }, 'compose.files[0]: must be relative to the checkout'],
  [{ compose: { files: ['a.yml', 'b/../../x.yml'] } }, 'compose.files[1]: must stay inside the checkout'],
  [{ compose: { debug: ['..'] } }, 'compose.debug[0]: must stay inside the checkout'],
  [{ compose: { files: ['.'] } }, 'compose.files[0]: must name a file'],
  [{ compose: { files: ['deploy/'] } }, 'compose.files[0]: must name a file'],
  [{ compose: { files: 'a.yml' } }, 'compose.files: must be a list'],
  [{ compose: { envFiles: ['../.env'] } }, 'compose.envFiles[0]: must stay inside the checkout'],
  [{ compose: { profiles: ['-x'] } }, 'compose.profiles[0]: is not a name that Compose allows for a profile'],
  [{ compose: { environment: { 'A B': 'x' } } }, 'compose.environment["A B"]: is not a name for a variable'],
  [{ compose: { environment: { A: null } } }, 'compose.environment.A: must be text'],
  [{ compose: { environment: { A: 'a\0b' } } }, 'compose.environment.A: must not have a NUL in it'],
  [{ compose: { environment: ['A=b'] } }, 'compose.environment: must be a section of variables'],
  [{ rebuild: { triggerFile: '../REBUILD' } }, 'rebuild.triggerFile: must stay inside the checkout'],
  [{ rebuild: { triggerFile: '/tmp/x' } }, 'rebuild.triggerFile: must be relative to the checkout'],
  [{ rebuild: { triggerFile: '.git/index' } }, 'rebuild.triggerFile: must not be in .git'],
  [{ rebuild: { triggerFile: null } }, 'rebuild.triggerFile: must be text'],
  [
    { rebuild: { triggers: ['api/Dockerfile'] } },
    'rebuild.triggers[0]: must be a file name without folders: it counts in every folder',
  ],
  [{ rebuild: { triggers: ['*.lock'] } }, 'rebuild.triggers[0]: must be a file name, not a pattern'],
  [
    { rebuild: { refreshBase: 24 } },
    'rebuild.refreshBase: must be a duration such as 30s, 2m or 1h: the unit is missing',
  ],
  [{ rebuild: { refreshBase: '0' } }, 'rebuild.refreshBase: must be more than 0'],
  [{ paths: [] }, 'paths: must have a glob in it; "**" matches every file'],
  [{ paths: 'src/**' }, 'paths: must be a list'],
  [{ paths: ['src/**', ''] }, 'paths[1]: must not be empty'],
  [{ paths: ['src/**', '!'] }, 'paths[1]: must have a glob after the !'],
  [{ paths: ['/src/**'] }, 'paths[0]: must be relative to the checkout'],
  [{ paths: ['src/'] }, 'paths[0]: must match files: all that is in a folder is folder/**'],
  [{ paths: ['!../x'] }, 'paths[0]: must stay inside the checkout'],
  [{ paths: ['src/[a'] }, 'paths[0]: is not a glob; { }, [ ] and ( ) must be closed before the next /'],
  [{ rebuild: { mode: 'maybe' } }, 'rebuild.mode: must be one of auto, triggers, always, never'],
  [{ path: '~/shop' }, 'path: must not begin with ~, which only a shell knows: write ${HOME}'],
  [{ path: '' }, 'path: must not be empty'],
  [{ project: 'a b' }, 'project: must be letters, digits, - and _: Compose refuses anything else'],
  [{ project: '-shop' }, 'project: must begin with a letter or digit: Compose refuses anything else'],
  [{ color: 'réd' }, 'color: must be letters, digits, - and _: Compose refuses anything else'],
  [{ color: '_red' }, 'color: must begin with a letter or digit: Compose refuses anything else'],
])('%j: %s', (app, message) => {
  expect(appComplaints(app)).toEqual([`apps.shop.${message}`])
})

test.each([
  {
    compose: {
      files: ['deploy/a.yml', './b.yml', 'c/../d.yml'],
      debug: [],
      envFiles: ['/etc/shop.env', '.env.prod'],
      profiles: ['*', 'web.1'],
    },
  },
  { rebuild: { triggerFile: 'deploy/REBUILD', triggers: [], refreshBase: '30d' } },
  { rebuild: { refreshBase: null }, paths: ['src/**', '!src/docs/**', '*.{yml,yaml}'] },
  { project: 'P_name-1', color: 'Red' },
  { project: '-shop', color: 'red' },
  { color: '' },
])('%j is fine', (app) => {
  expect(appComplaints(app)).toEqual([])
})

test('two enabled apps may not share a checkout, also through a symbolic link', () => {
  const directory = folder({ 'real/.keep': '' })
  symlinkSync('real', `${directory}/link`)
  for (const [one, two] of [
    ['real', 'link'],
    ['real', './x/../real/'],
    ['real/new/x', 'link/new/x'],
  ] as const) {
    expect(pairs({ path: one }, { path: two }, directory)).toEqual([
      "apps.two.path: is the same checkout as that of apps.one: two apps can't share one",
    ])
  }
  expect(pairs({ path: 'real' }, { path: 'real/inner' }, directory)).toEqual([])
})

test('two enabled apps may not share a Compose project, case aside and color included', () => {
  const message =
    'the Compose project of two, color included, has the same name as that of one: give one of them another project or color'
  expect(pairs({ project: 'Shop' }, { project: 'shop' })).toEqual([`apps.two.project: ${message}`])
  expect(pairs({ color: 'red', project: 'shop' }, { project: 'RedShop' })).toEqual([
    `apps.two.project: ${message}`,
  ])
  expect(pairs({ project: 'two' }, {})).toEqual([`apps.two.project: ${message}`])
  expect(pairs({ color: 'red', project: 'shop' }, { color: 'blue', project: 'shop' })).toEqual([])
  expect(pairs({ project: 'shop' }, { project: 'shop', enabled: 'false' })).toEqual([])
})

/** The mistakes of two apps that are alike but for these keys. */
function pairs(one: object, two: object, directory = '/'): readonly string[] {
  const apps = {
    one: { repository: 'a/one', path: '/1', ...one },
    two: { repository: 'a/two', path: '/2', ...two },
  }
  return complaints({ apps }, { directory })
}
