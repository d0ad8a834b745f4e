import { expect, test } from 'vitest'
import { appComplaints } from './support.ts'

test.each([
  'https://github.com/acme/shop.git',
  'https://ada@github.com/acme/shop.git',
  'https://git.example.com:8443/acme/shop',
  'http://gitea:3000/acme/shop.git',
  'http://[::1]:3000/acme/shop.git',
  'HTTPS://github.com/acme/shop',
  'ssh://git@github.com/acme/shop.git',
  'ssh://git@github.com:22/acme/shop.git',
  'git@github.com:acme/shop.git',
  'github.com:acme/shop.git',
  'git@host:~ada/shop.git',
  'file:///srv/git/shop.git',
  '/srv/git/shop.git',
  '/srv/my git/shop.git',
])('%s is a place to fetch from', (url) => {
  expect(appComplaints({ url })).toEqual([])
})

test.each([
  ['ext::sh -c touch% /tmp/x', 'remote helper'],
  ['EXT::sh', 'remote helper'],
  ['fd::17', 'remote helper'],
  ['--upload-pack=touch /tmp/x', 'must not begin with -'],
  ['-oProxyCommand=x', 'must not begin with -'],
  ['ssh://-oProxyCommand=touch/x', 'has no valid host'],
  ['ssh://-oProxyCommand=x@host/y', 'has no valid user'],
  ['ssh://git@-oProxyCommand=x/y', 'has no valid host'],
  ['ssh://%2DoProxyCommand=x/y', 'has no valid host'],
  ['git@-oProxyCommand=x:y', 'is not a place that git can fetch from'],
  ['-x@host:y', 'must not begin with -'],
  ['git@host:-x', 'is not a place that git can fetch from'],
  ['git://github.com/acme/shop', 'known to be safe'],
  ['ftp://host/x', 'known to be safe'],
  ['javascript://host/x', 'known to be safe'],
  ['https://', 'has no valid host'],
  ['https://github.com', 'names a host, but no repository'],
  ['https://github.com/a b', 'must not have spaces'],
  ['https://host:port/x', 'has no valid host'],
  ['file://host/x', 'must be file:// with an absolute path'],
  ['file://', 'must be file:// with an absolute path'],
  ['../shop.git', 'is not a place that git can fetch from'],
  ['shop', 'is not a place that git can fetch from'],
  ['~/shop.git', 'is not a place that git can fetch from'],
  ['https://github.com/a\u0000b', 'must not have control characters'],
  ['', 'must not be empty'],
])('%j: %s', (url, message) => {
  expect(appComplaints({ url })).toEqual([
    expect.stringContaining(`apps.shop.url: ${message.startsWith('remote') ? 'must not name a ' : ''}`),
  ])
  expect(appComplaints({ url })[0]).toContain(message)
})

test.each([
  'https://ada:hunter2@github.com/acme/shop.git',
  'https://ada:hun@ter2@github.com/acme/shop.git',
  'https://:hunter2@github.com/acme/shop.git',
  'https://ghp_hunter2hunter2hunter2@github.com/acme/shop.git',
  'https://ghp_hunter2:x-oauth-basic@github.com/acme/shop.git',
])('a password is refused with the commands that move it to a helper, and not shown: %s', (url) => {
  const [complaint = ''] = appComplaints({ url })
  expect(complaint).toContain('`git config --global credential.helper store`')
  expect(complaint).toContain('`git credential approve`')
  expect(complaint).toContain('host=github.com,')
  expect(complaint).not.toMatch(/hun|ter2|ghp_|ada/)
})

test('a password for ssh is refused, and so is one that breaks the URL; neither is shown', () => {
  expect(appComplaints({ url: 'ssh://git:hunter2@host/x' })).toEqual([
    'apps.shop.url: has a password in it: take it out, ssh uses the keys of the agent or of ~/.ssh',
  ])
  expect(appComplaints({ url: 'https://ada:hunter/2@github.com/x' })).toEqual([
    'apps.shop.url: has no valid host in it',
  ])
})
