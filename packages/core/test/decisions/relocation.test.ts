import { expect, test } from 'vitest'
import { asMeant, realPathOf, type Relocation, whereItLies } from '../../src/decisions/relocation.ts'

const relocation: Relocation = {
  path: '/srv/shop',
  realPath: '/mnt/disk/shop',
  folder: '/tmp/seen',
  beside: new Set(['.env', 'data', 'web/cache']),
}

test.each([
  ['/srv/shop', '/tmp/seen'],
  ['/srv/shop/web/Dockerfile', '/tmp/seen/web/Dockerfile'],
  ['/srv/shop/web/../compose.yaml', '/tmp/seen/compose.yaml'],
  ['/mnt/disk/shop/compose.yaml', '/tmp/seen/compose.yaml'],
  // Untracked: it lies in the checkout alone.
  ['/srv/shop/.env', '/srv/shop/.env'],
  ['/srv/shop/data/db/pages', '/srv/shop/data/db/pages'],
  ['/srv/shop/web/cache/x', '/srv/shop/web/cache/x'],
  ['/srv/shop/.env.example', '/tmp/seen/.env.example'],
  ['/srv/shop2/compose.yaml', '/srv/shop2/compose.yaml'],
  ['/srv/shop/../other', '/srv/shop/../other'],
  ['/etc/shop/.env', '/etc/shop/.env'],
  ['up', 'up'],
])('%s lies at %s', (path, lies) => {
  expect(whereItLies(path, relocation)).toBe(lies)
})

test('a word that is no absolute path stays, wherever this process was started', () => {
  const here = { ...relocation, path: `${process.cwd()}/shop` }
  expect([whereItLies('shop', here), whereItLies('--', here)]).toEqual(['shop', '--'])
})

test.each([
  ['/tmp/seen/web', '/mnt/disk/shop/web'],
  ['/tmp/seen', '/mnt/disk/shop'],
  ['/tmp/seen-not', '/tmp/seen-not'],
  ['/srv/shop/.env', '/srv/shop/.env'],
])('%s is really %s', (path, meant) => {
  expect(realPathOf(path, relocation)).toBe(meant)
})

test('a text names the checkout wherever it named the folder', () => {
  expect(asMeant('open /tmp/seen/a.env: no such file; /tmp/seen', relocation)).toBe(
    'open /srv/shop/a.env: no such file; /srv/shop',
  )
})
