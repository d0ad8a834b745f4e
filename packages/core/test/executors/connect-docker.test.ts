import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dockerOptions } from '../../src/executors/connect-docker.ts'

test.each([
  ['unix:///run/docker.sock', {}, { socketPath: '/run/docker.sock' }],
  ['tcp://10.0.0.1:2375', {}, { protocol: 'http', host: '10.0.0.1', port: '2375' }],
  ['tcp://engine', {}, { protocol: 'http', host: 'engine', port: 2375 }],
  ['tcp://[::1]:2375', {}, { protocol: 'http', host: '::1', port: '2375' }],
  ['tcp://engine:2376', {}, { protocol: 'https', host: 'engine', port: '2376' }],
  ['tcp://engine:9', { DOCKER_TLS_VERIFY: '1' }, { protocol: 'https', host: 'engine', port: '9' }],
  ['https://engine', {}, { protocol: 'https', host: 'engine', port: 2376 }],
  [
    'ssh://deploy@engine',
    { SSH_AUTH_SOCK: '/run/agent', USER: 'me' },
    { protocol: 'ssh', host: 'engine', port: 22, username: 'deploy', sshOptions: { agent: '/run/agent' } },
  ],
  ['ssh://engine:2222', { USER: 'me' }, { protocol: 'ssh', host: 'engine', port: '2222', username: 'me' }],
])('%s with %j', async (endpoint, environment, options) => {
  expect(await dockerOptions(endpoint, environment)).toEqual(options)
})

test.each([
  '',
  'nonsense',
  'unix://',
  '/run/docker.sock',
  'npipe:////./pipe/docker_engine',
  'fd://',
  'tcp://',
])('"%s" is refused, with what to set', async (endpoint) => {
  await expect(dockerOptions(endpoint, {})).rejects.toMatchObject({
    code: 'docker_unavailable',
    hint: expect.stringContaining('DOCKER_HOST') as string,
  })
})

test('reads the certificates for TLS, and says where they are missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-certificates-'))
  const environment = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }
  await expect(dockerOptions('tcp://engine:2376', environment)).rejects.toMatchObject({
    code: 'docker_unavailable',
    message: expect.stringContaining(folder) as string,
  })
  for (const name of ['ca', 'cert', 'key']) await writeFile(join(folder, `${name}.pem`), name)
  expect(await dockerOptions('tcp://engine:2376', environment)).toMatchObject({
    ca: Buffer.from('ca'),
    cert: Buffer.from('cert'),
    key: Buffer.from('key'),
  })
  await rm(folder, { recursive: true })
})
