import { expect, test } from 'vitest'
import { parseAddress, withoutLogin } from '../../../src/executors/git/address.ts'

test.for([
  ['https://git.example/a/b.git', 'https', '', 'git.example', '', '/a/b.git'],
  ['https://ada:x@y@git.example:8443/a?b=c@d', 'https', 'ada:x@y', 'git.example', '8443', '/a?b=c@d'],
  ['http://[::1]:3000/a', 'http', '', '[::1]', '3000', '/a'],
  ['ssh://git@git.example:2222/a', 'ssh', 'git', 'git.example', '2222', '/a'],
  ['git@git.example:a/b.git', 'ssh', 'git', 'git.example', '', 'a/b.git'],
  ['git.example:/srv/a', 'ssh', '', 'git.example', '', '/srv/a'],
  ['git@[git.example:2222]:a', 'ssh', 'git', 'git.example', '2222', 'a'],
  ['[git@git.example:2222]:a', 'ssh', 'git', 'git.example', '2222', 'a'],
  ['git@[::1]:a', 'ssh', 'git', '[::1]', '', 'a'],
  ['[::1]:a', 'ssh', '', '[::1]', '', 'a'],
  ['/srv/git/a:b@c', 'file', '', '', '', '/srv/git/a:b@c'],
  ['./a:b', 'file', '', '', '', './a:b'],
  ['a', 'file', '', '', '', 'a'],
  ['file:///srv/git/a', 'file', '', '', '', '/srv/git/a'],
  ['https:///a', 'https', '', '', '', '/a'],
  ['https://git.example:port/a', 'https', '', 'git.example', 'port', '/a'],
] as const)('%s', ([url, transport, login, host, port, path]) => {
  expect(parseAddress(url)).toEqual({ transport, login, host, port, path })
})

test('an address is shown without its login', () => {
  expect(withoutLogin('https://ada:x@y@git.example/a@b')).toBe('https://git.example/a@b')
  expect(withoutLogin('https://git.example/a@b')).toBe('https://git.example/a@b')
  expect(withoutLogin('git@git.example:a')).toBe('git@git.example:a')
})
