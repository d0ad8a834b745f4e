import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fairway, folder, inProcess, secret } from './support.ts'

const config = 'apps:\n  shop:\n    repository: acme/shop\n    path: ./shop\n'
const environment = { GITHUB_WEBHOOK_SECRET: secret }

test('--help names every command and the exit codes', async () => {
  const { exitCode, stdout } = await fairway(['--help'], { directory: await folder() })
  expect(exitCode).toBe(0)
  for (const word of [
    'serve',
    'deploy',
    'send',
    'secret',
    'config',
    'doctor',
    'systemd',
    'status',
    'deployments',
    'deliveries',
    'logs',
    'replay',
    'cancel',
    'backup',
    '--config',
    'Exit codes',
  ])
    expect(stdout).toContain(word)
})

test.each([
  'serve',
  'deploy',
  'send',
  'deployments',
  'deliveries',
  'status',
  'logs',
  'replay',
  'cancel',
  'backup',
])('%s --help shows its options', async (command) => {
  const { exitCode, stdout } = await inProcess([command, '--help'], { directory: await folder() })
  expect(exitCode).toBe(0)
  expect(stdout).toContain(`Usage: fairway ${command}`)
})

test.each([
  ['an unknown command', ['sevre'], "error: unknown command 'sevre'"],
  ['an unknown option', ['deploy', 'shop', '--fast'], "error: unknown option '--fast'"],
  ['a missing argument', ['deploy'], 'missing required argument'],
  ['no configuration', ['config', 'check'], ''],
])('%s exits 2', async (_, args, said) => {
  const { exitCode, stderr } = await fairway(args, { directory: await folder() })
  expect(exitCode).toBe(2)
  expect(stderr).toContain(said)
})

test('no configuration names the places tried', async () => {
  const directory = await folder()
  const { exitCode, stderr } = await fairway(['serve'], { directory })
  expect(exitCode).toBe(2)
  expect(stderr).toContain(`${directory}/fairway.yaml`)
  expect(stderr).toContain('/etc/fairway/fairway.yaml')
})

test('secret new prints the secret alone on stdout, another one each time', async () => {
  const directory = await folder()
  const [one, two] = await Promise.all([
    fairway(['secret', 'new'], { directory }),
    fairway(['secret', 'new'], { directory }),
  ])
  expect(one.stdout).toMatch(/^[0-9a-f]{64}\n$/)
  expect(one.stdout).not.toBe(two.stdout)
})

test('config check finds every mistake, with its key path', async () => {
  const directory = await folder({ 'fairway.yaml': `${config}    colour: red\nserver:\n  port: 99999\n` })
  const { exitCode, stdout } = await fairway(['config', 'check'], { directory })
  expect(exitCode).toBe(2)
  expect(stdout).toContain('apps.shop.colour')
  expect(stdout).toContain('server.port')
  expect(stdout).toContain('webhook.secrets')
})

test('S22: config check --json prints one document and nothing else, a .env beside it or not, and 0 when all is well', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const check = () => fairway(['config', 'check', '--json'], { directory, environment })
  const { exitCode, stdout } = await check()
  expect(exitCode).toBe(0)
  await writeFile(join(directory, '.env'), 'TAG=v1\n')
  expect((await check()).stdout).toBe(stdout)
  expect(JSON.parse(stdout)).toEqual({
    ok: true,
    file: `${directory}/fairway.yaml`,
    mistakes: [],
    warnings: [],
  })
})

test('config schema prints JSON Schema with the keys that exist now', async () => {
  const { exitCode, stdout } = await fairway(['config', 'schema'], { directory: await folder() })
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    additionalProperties: false,
    properties: {
      server: {
        properties: { port: { default: 8000, description: expect.stringContaining('listen') as string } },
      },
      webhook: {},
      apps: {},
      ignore: {},
    },
  })
})

test('deploy of an app that is not configured exits 2 and names those that are', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const { exitCode, stderr } = await fairway(['deploy', 'shpo'], { directory, environment })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('There is no app shpo in the configuration (did you mean shop?); there is shop')
})

test('deploy without an engine exits 3 and says what to do', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const { exitCode, stderr } = await fairway(['deploy', 'shop'], {
    directory,
    environment: { ...environment, DOCKER_HOST: 'unix:///nonexistent.sock' },
  })
  expect(exitCode).toBe(3)
  expect(stderr).toContain('The Docker engine does not answer')
})

test('deploy without a checkout fails with 1, in words', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const { exitCode, stderr } = await fairway(['deploy', 'shop'], { directory, environment })
  expect(exitCode).toBe(1)
  expect(stderr).toContain(
    `Git pull failed for shop: Cannot deploy shop: ${directory}/shop is not the top folder of a git checkout`,
  )
})

test('send to a server that is not there exits 3', async () => {
  const { exitCode, stderr } = await fairway(
    ['send', '--url', 'http://127.0.0.1:1/webhook', '--repo', 'acme/shop'],
    { directory: await folder(), environment },
  )
  expect(exitCode).toBe(3)
  expect(stderr).toContain('Cannot reach http://127.0.0.1:1/webhook')
})
