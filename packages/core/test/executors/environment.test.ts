import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { dockerEnvironment, gitEnvironment } from '../../src/executors/environment.ts'

const secret = 'the secret that must not get through'

const environment = {
  PATH: '/usr/bin',
  HOME: '/home/ada',
  LANG: 'nl_NL.UTF-8',
  XDG_RUNTIME_DIR: '/run/user/1000',
  SSH_AUTH_SOCK: '/run/agent',
  https_proxy: 'http://proxy:3128',
  SSL_CERT_FILE: '/etc/ca.pem',
  DOCKER_HOST: 'unix:///run/docker.sock',
  DOCKER_CONFIG: '/home/ada/.docker',
  GIT_SSH_COMMAND: 'ssh -i /home/ada/key',
  GIT_SSL_CAINFO: '/etc/ca.pem',
  XDG_CONFIG_HOME: '/home/ada/.config',
  USER: 'ada',
  NOT_SET: undefined,
  GITHUB_WEBHOOK_SECRET: secret,
  GITHUB_WEBHOOK_SECRET_FILE: secret,
  WEBHOOK_SECRET: secret,
  FAIRWAY_TOKEN: secret,
  SAMPLE_PROJECT_1_PATH: secret,
  AWS_SECRET_ACCESS_KEY: secret,
  GITHUB_TOKEN: secret,
  NODE_OPTIONS: secret,
  LD_PRELOAD: secret,
  COMPOSE_FILE: secret,
  COMPOSE_PROJECT_NAME: secret,
  GIT_DIR: secret,
  GIT_CONFIG_COUNT: secret,
  GIT_EXTERNAL_DIFF: secret,
  GIT_TRACE: secret,
  BASH_ENV: secret,
  MY_DOCKER_PASSWORD: secret,
  path: secret,
}

test('Docker and Compose see what they need, and nothing else', () => {
  expect(dockerEnvironment(environment)).toEqual({
    PATH: '/usr/bin',
    HOME: '/home/ada',
    LANG: 'nl_NL.UTF-8',
    XDG_RUNTIME_DIR: '/run/user/1000',
    SSH_AUTH_SOCK: '/run/agent',
    https_proxy: 'http://proxy:3128',
    SSL_CERT_FILE: '/etc/ca.pem',
    DOCKER_HOST: 'unix:///run/docker.sock',
    DOCKER_CONFIG: '/home/ada/.docker',
  })
})

test('git sees what it needs, speaks English, and asks nobody', () => {
  expect(gitEnvironment(environment)).toEqual({
    PATH: '/usr/bin',
    HOME: '/home/ada',
    LANG: 'nl_NL.UTF-8',
    XDG_RUNTIME_DIR: '/run/user/1000',
    SSH_AUTH_SOCK: '/run/agent',
    https_proxy: 'http://proxy:3128',
    SSL_CERT_FILE: '/etc/ca.pem',
    GIT_SSH_COMMAND: 'ssh -i /home/ada/key',
    GIT_SSL_CAINFO: '/etc/ca.pem',
    XDG_CONFIG_HOME: '/home/ada/.config',
    USER: 'ada',
    LC_ALL: 'C.UTF-8',
    GIT_TERMINAL_PROMPT: '0',
  })
})

test('git asks nobody and speaks English whatever the server was started with', () => {
  const given = gitEnvironment({ GIT_TERMINAL_PROMPT: '1', LC_ALL: 'nl_NL.UTF-8', LANGUAGE: 'nl' })
  expect(given).toEqual({ GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C.UTF-8' })
})

test('of an empty environment nothing is made', () => {
  expect(dockerEnvironment({})).toEqual({})
})

test('under no name does a webhook secret get through', () => {
  const names = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'ABCDEFGHIKLMNOPRSTUWXY_'.split('')), minLength: 1 }),
    fc.constantFrom('GITHUB', 'WEBHOOK', 'TOKEN', 'APP', 'SHOP').map((word) => `${word}_SECRET`),
    fc.string({ minLength: 1 }),
    fc.constantFrom('__proto__', 'constructor', 'toString'),
  )
  const documented =
    /^(PATH|HOME|LANG|XDG_RUNTIME_DIR|SSH_AUTH_SOCK|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|DOCKER_.*|XDG_CONFIG_HOME|GIT_SSL_CA(INFO|PATH)|GIT_SSH_COMMAND|USER|LOGNAME)$/
  fc.assert(
    fc.property(
      names.filter((name) => !documented.test(name)),
      (name) => {
        const full = Object.fromEntries([...Object.entries(environment), [name, secret]])
        expect(Object.values(dockerEnvironment(full))).not.toContain(secret)
        expect(Object.values(gitEnvironment(full))).not.toContain(secret)
      },
    ),
  )
})
