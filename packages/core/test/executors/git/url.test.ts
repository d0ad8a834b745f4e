import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeError, isDeployError } from '../../../src/errors.ts'
import { assertSafeUrl } from '../../../src/executors/git/url.ts'

const safe = [
  'https://github.com/acme/shop.git',
  'https://ada@github.com/acme/shop.git',
  'https://ada@corp.example@git.example/shop.git',
  'https://git.example:8443/acme/shop.git',
  'https://ada@git.example:8443/shop',
  'https://git.example/a:b@c/shop.git',
  'https://git.example/shop.git?x=a:b@c',
  'https://git.example/caf%C3%A9/%E2%80%99.git',
  'https://bücher.example/shop.git',
  'git@[git.example:2222]:acme/shop.git',
  '[git@git.example:2222]:acme/shop.git',
  '/srv/git/a shop%0a.git',
  'https://glen-smith@git.example/shop.git',
  'http://localhost:3000/acme/shop.git',
  'ssh://git@github.com/acme/shop.git',
  'ssh://git@github.com:22/acme/shop.git',
  'git@github.com:acme/shop.git',
  'git.example:acme/shop.git',
  'git@[::1]:acme/shop.git',
  'file:///srv/git/shop.git',
  '/srv/git/shop.git',
  './shop.git',
  '../git/-shop.git',
  '/srv/git/a@-b/shop.git',
  'C:/git/shop.git',
]
test.each(safe)('lets pass %s', (url) => {
  expect(assertSafeUrl(url)).toBe(url)
})

const programs = [
  'ext::sh -c "touch P"',
  'EXT::sh -c touch% P',
  'fd::17',
  'transport-helper::x',
  '-u./evil',
  '--upload-pack=touch P',
  '-oProxyCommand=evil',
  'ssh://-oProxyCommand=evil/x',
  'SSH://-oProxyCommand=evil/x',
  'git+ssh://-oProxyCommand=evil/x',
  'ssh://git@-oProxyCommand=evil/x',
  'git@-oProxyCommand=evil:x',
  'https://-evil/x',
]
test.each(programs)('refuses what names a program or an option: %s', (url) => {
  expect(() => assertSafeUrl(url)).toThrow(
    expect.objectContaining({
      code: 'unsafe_url',
      message: 'Cannot use a remote that names a program or an option',
    }),
  )
})

const passwords: readonly (readonly [string, string])[] = [
  ['https://ada:hunter2@git.example/shop.git', 'git.example'],
  ['https://ada:hunter2@git.example:8443/shop.git', 'git.example:8443'],
  ['HTTPS://ada:hunter2@git.example/shop.git', 'git.example'],
  ['https://:hunter2@git.example/shop.git', 'git.example'],
  ['https://ada:hunter2@[::1]/shop.git', '[::1]'],
  ['https://ada:hunt@er2@git.example/shop.git', 'git.example'],
  ['https://ada@corp.example:hunter2@git.example/shop.git', 'git.example'],
  ['https://ada:hunt:er2@git.example/shop.git', 'git.example'],
  ['https://ada:hunter2@git.example', 'git.example'],
  ['https://ada:hunter2@git.example:99999/shop.git', 'git.example:99999'],
  ['https://ada:hunter2@/shop.git', ''],
  ['https://x-access-token:hunter2@github.com/acme/shop.git', 'github.com'],
  ['https://ghp_hunter2@github.com/acme/shop.git', 'github.com'],
  ['https://github_pat_hunter2@github.com/acme/shop.git', 'github.com'],
  ['https://glpat-hunter2@gitlab.com/acme/shop.git', 'gitlab.com'],
  ['https://ATBBhunter2@bitbucket.org/acme/shop.git', 'bitbucket.org'],
  ['https://git.example/shop.git?private_token=hunter2', 'git.example'],
  ['ftp://ada:hunter2@git.example/shop.git', 'git.example'],
]
test.each(passwords)('refuses a password, and shows nothing of it: %s', (url, host) => {
  const error = refusal(url)
  expect(isDeployError(error, 'unsafe_url') && error.message).toBe(
    `Cannot use the remote at ${host}: its URL carries a password`,
  )
  expect(describeError(error)).toContain('git config --global credential.helper store')
  expect(describeError(error)).toContain('git credential approve')
  expect(`${describeError(error)}${JSON.stringify(error)}`).not.toMatch(/hunt|er2/)
})

test('a password for ssh is to be taken out, as keys take its place', () => {
  const error = refusal('ssh://git:hunter2@git.example:2222/shop.git')
  expect(describeError(error)).toBe(
    'Cannot use the remote at git.example:2222: its URL carries a password\n' +
      'Take it out of the URL: ssh uses the keys of its agent or of ~/.ssh',
  )
})

const kinds = ['git', 'ftp', 'git+ssh', 'rsync', 'HTTPS', 'javascript', 'bundle-uri']
test.each(kinds)('S12: refuses what is fetched over %s, naming what is allowed', (kind) => {
  const error = refusal(`${kind}://git.example/shop.git`)
  expect(isDeployError(error, 'unsafe_url') && describeError(error)).toBe(
    `Cannot use a remote over ${kind}: Fairway fetches over https, ssh, http and from local paths only\n` +
      'Use https, ssh (also git@host:path), http or a local path',
  )
})

const malformed = [
  '',
  'https:///shop.git',
  'https://git.example:port/shop.git',
  'https://git ex/shop.git',
  'https://git.example\\@evil.example/shop.git',
  'https://git.example/shop\n.git',
  'https://git.example/shop%0a.git',
  'https://git.example/shop%00.git',
  '/srv/git/\u009b31m',
]
test.each(malformed)('S12: refuses what has no host or has control characters: %j', (url) => {
  expect(isDeployError(refusal(url), 'unsafe_url')).toBe(true)
})

test('a password of whatever characters is refused and never shown', () => {
  const characters = fc.string({ unit: fc.constantFrom(...'PASSWORD:@!$&%+=~^|'.split('')), minLength: 1 })
  fc.assert(
    fc.property(characters, fc.constantFrom('https', 'http', 'ssh', 'HTTPS'), (password, scheme) => {
      const error = refusal(`${scheme}://ada:${password}@git.example/x`)
      expect(isDeployError(error, 'unsafe_url')).toBe(true)
      expect(describeError(error)).not.toMatch(/[PASWORD]{3}/)
    }),
  )
})

/** What is thrown for this remote. */
function refusal(url: string): unknown {
  try {
    return assertSafeUrl(url)
  } catch (error) {
    return error
  }
}
