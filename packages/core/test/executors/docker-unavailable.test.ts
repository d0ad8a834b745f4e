import { expect, test } from 'vitest'
import { DeployError } from '../../src/errors.ts'
import { dockerUnavailable } from '../../src/executors/docker-unavailable.ts'

const failure = (message: string, rest: object): Error => Object.assign(new Error(message), rest)
const address = '/run/docker.sock'

test.each([
  [
    failure('connect ENOENT', { code: 'ENOENT', address }),
    'The Docker engine does not answer: there is no socket at /run/docker.sock',
    'systemctl start docker',
  ],
  [
    failure('', { code: 'ECONNREFUSED', address: '127.0.0.1', port: 2375 }),
    'The Docker engine does not answer: nothing listens at 127.0.0.1:2375',
    'systemctl start docker',
  ],
  [
    failure('connect EACCES', { code: 'EACCES', address }),
    'The Docker engine does not answer: this user may not use the socket at /run/docker.sock',
    'log out and in again',
  ],
  [
    failure('getaddrinfo', { code: 'ENOTFOUND' }),
    'The Docker engine does not answer: nobody knows its host name',
    'DOCKER_HOST',
  ],
  [
    failure('read ECONNRESET', { code: 'ECONNRESET' }),
    'The Docker engine does not answer: it broke the connection off',
    'docker version',
  ],
  [failure('odd\u001b', {}), 'The Docker engine does not answer: odd\\x1b', 'docker version'],
  [
    failure('(HTTP code 500) server error - full ', { statusCode: 500 }),
    'The Docker engine refuses: (HTTP code 500) server error - full',
    'journalctl',
  ],
])('%s', (error, message, hint) => {
  expect(dockerUnavailable(error)).toMatchObject({
    code: 'docker_unavailable',
    message,
    hint: expect.stringContaining(hint) as string,
    cause: error,
  })
})

test('what is said in words already, and what is no error, goes on as it is', () => {
  const own = new DeployError('cancelled', 'stopped')
  expect(dockerUnavailable(own)).toBe(own)
  expect(dockerUnavailable('reason')).toBe('reason')
})
