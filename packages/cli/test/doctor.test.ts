import { join } from 'node:path'
import { isOlder } from '@fairway/core'
import { expect, test } from 'vitest'
import { makeOrigin } from '../../../scripts/lib/origin.ts'
import { run } from '../../../scripts/lib/run.ts'
import { judgeNode } from '../src/doctor/check-tools.ts'
import { fairway, folder, secret } from './support.ts'

interface Finding {
  readonly check: string
  readonly level: string
  readonly message: string
  readonly fix?: string
}

const environment = { GITHUB_WEBHOOK_SECRET: secret }

async function doctor(
  directory: string,
  variables: Record<string, string> = environment,
): Promise<{ exitCode: number; ok: boolean; findings: readonly Finding[] }> {
  const { exitCode, stdout } = await fairway(['doctor', '--json'], { directory, environment: variables })
  return { exitCode, ...(JSON.parse(stdout) as { ok: boolean; findings: readonly Finding[] }) }
}

async function configured(): Promise<{ directory: string; path: string }> {
  const directory = await folder({
    'fairway.yaml': 'server: { port: 0 }\napps:\n  shop: { repository: acme/shop, path: ./shop }\n',
  })
  const origin = await makeOrigin(directory)
  await origin.commit('first', { 'compose.yaml': 'services: {}\n' })
  await origin.push()
  const path = join(directory, 'shop')
  await run('git', ['clone', '-q', origin.url, path])
  return { directory, path }
}

test('a machine that is ready: nothing blocks, exit 0', async () => {
  const { directory } = await configured()
  const { exitCode, ok, findings } = await doctor(directory)
  expect({ exitCode, ok, blocking: findings.filter(({ level }) => level === 'blocks') }).toEqual({
    exitCode: 0,
    ok: true,
    blocking: [],
  })
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining([
      'config',
      'node',
      'git',
      'docker',
      'docker group',
      'compose',
      'secrets',
      'data',
      'log',
      'locks',
      'disk',
      'port',
      'reach',
      'apps.shop',
    ]),
  )
  expect(findings).toContainEqual({
    check: 'apps.shop',
    level: 'ok',
    message: 'its remote answers, default branch main',
  })
})

test('what blocks ends with 3 and names the command that mends it', async () => {
  const { directory, path } = await configured()
  await run('git', ['-C', path, 'remote', 'set-url', 'origin', join(directory, 'gone.git')])
  const { exitCode, findings } = await doctor(directory, { DOCKER_HOST: 'unix:///nonexistent.sock' })
  expect(exitCode).toBe(3)
  const blocking = findings.filter(({ level }) => level === 'blocks').map(({ check }) => check)
  expect(blocking).toEqual(expect.arrayContaining(['config', 'docker', 'apps.shop']))
  expect(findings.find(({ check }) => check === 'docker')?.fix).toContain('systemctl start docker')
})

test('git configuration that runs programs is named, with the command that unsets it', async () => {
  const { directory, path } = await configured()
  await run('git', ['-C', path, 'config', 'core.fsmonitor', '/tmp/x'])
  await run('git', ['-C', path, 'config', 'filter.evil.smudge', 'cat'])
  const { findings } = await doctor(directory)
  const fixes = findings.filter(({ message }) => message.includes('.git/config sets')).map(({ fix }) => fix)
  expect(fixes).toEqual([
    `git -C ${path} config --local --unset-all core.fsmonitor`,
    `git -C ${path} config --local --unset-all filter.evil.smudge`,
  ])
})

test('every mistake of the configuration is told, and the rest of the machine is looked at all the same', async () => {
  const directory = await folder({
    'fairway.yaml':
      'server: { prot: 1 }\napps:\n  one: { repository: acme/one, path: /srv/shop }\n  two: { repository: acme/two, path: /srv/shop, project: one }\n',
  })
  const { exitCode, findings } = await doctor(directory, {})
  expect(exitCode).toBe(3)
  const told = findings.filter(({ check }) => check === 'config').map(({ message }) => message)
  expect(told).toEqual([
    'line 1: server.prot: is not a known key (did you mean port?)',
    expect.stringContaining('line 4: apps.two.path: is the same checkout as that of apps.one'),
    expect.stringContaining('line 4: apps.two.project: the Compose project of two'),
    expect.stringContaining('webhook.secrets: there is none'),
  ])
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['node', 'git', 'docker', 'compose']),
  )
})

test.each([
  ['2.39.5', '2.43.7', true],
  ['2.43.7', '2.43.7', false],
  ['2.50', '2.43.7', false],
  ['v2.26.1-4', '2.40.2', true],
  ['2.43', '2.43.7', true],
])('%s is older than %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older)
})

test('a Node that is too old blocks', () => {
  expect(judgeNode('20.20.2')).toMatchObject({ level: 'blocks', check: 'node' })
  expect(judgeNode('22.18.0')).toEqual({ level: 'ok', check: 'node', message: 'version 22.18.0' })
})
