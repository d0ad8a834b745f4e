import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { docker } from '../support/docker.ts'
import { type PlannedDeploy, plannedDeploy } from '../support/planned-deploy.ts'
import type { Files } from '../support/repository.ts'

let shop: PlannedDeploy
let unique: string
beforeEach(() => {
  shop = plannedDeploy()
  unique = randomUUID()
})
afterEach(() => shop.close())

const sleep = 'FROM local/busybox:latest\nCOPY . /www/\nCMD ["sleep", "3600"]\n'
const idle = 'image: local/busybox:latest, command: sleep 3600, init: true'

/** Commits, deploys with success, and tells what was done. */
async function push(files: Files): Promise<{ told: readonly string[]; calls: readonly string[] }> {
  shop.origin.commit(files)
  const { outcome, log, told, calls } = await shop.deploy()
  expect({ status: outcome.status, log }).toMatchObject({ status: 'success' })
  return { told, calls }
}

async function expectNothing(): Promise<void> {
  expect(await push({ 'words.md': randomUUID() })).toEqual({ told: [], calls: [] })
}

test('two services from one context are built once, and a third one runs their image', async () => {
  const compose = (more: string): string => `
services:
  web: { build: app, init: true }
  worker: { build: app, init: true, command: sleep 3000 }
  cron: { image: ${shop.project}-web, init: true ${more} }
`
  const files = { 'compose.yaml': compose(''), 'app/Dockerfile': sleep, 'app/a': unique }
  const first = await push(files)
  expect(first.calls.filter((call) => call.startsWith('build'))).toHaveLength(1)
  await expectNothing()
  const { told, calls } = await push({ 'app/a': `${unique} two` })
  expect(calls).toEqual(['build web', 'up cron web worker'])
  expect(told).toEqual([
    `cron: recreate; its image ${shop.project}-web:latest, built for web, changes`,
    'web: build; app/a changed in build context app',
    'worker: build; app/a changed in build context app',
  ])
  for (const service of ['cron', 'web', 'worker']) {
    expect(await shop.inside(service, 'cat', '/www/a')).toBe(`${unique} two`)
  }
  await expectNothing()
})

test('a base image that the project itself builds takes along what is built from it', async () => {
  const compose = `
services:
  app: { build: app, init: true }
  base: { build: base, scale: 0 }
`
  await push({
    'compose.yaml': compose,
    'base/Dockerfile': 'FROM local/busybox:latest\nCOPY . /base/\n',
    'base/a': `one ${unique}`,
    'app/Dockerfile': `FROM ${shop.project}-base\nCMD ["sleep", "3600"]\n`,
  })
  await expectNothing()
  const { told, calls } = await push({ 'base/a': `two ${unique}` })
  expect(told).toEqual([
    'base: build; base/a changed in build context base',
    'app: build; its base image, built for base, changes',
  ])
  expect(calls).toEqual(['build base', 'build app', 'up base app'])
  expect(await shop.inside('app', 'cat', '/base/a')).toBe(`two ${unique}`)
  const back = await push({ 'base/a': `one ${unique}` })
  expect(back.calls.filter((call) => call.startsWith('build'))).toEqual([])
  expect(await shop.inside('app', 'cat', '/base/a')).toBe(`one ${unique}`)
  await expectNothing()
})

test('who lives in the network of another is made anew with it, and who depends on it is restarted', async () => {
  const compose = `
services:
  web: { build: web, init: true }
  side: { ${idle}, network_mode: "service:web" }
  proxy: { ${idle}, depends_on: { web: { condition: service_started, restart: true } } }
  other: { ${idle}, depends_on: [web] }
`
  await push({ 'compose.yaml': compose, 'web/Dockerfile': sleep, 'web/a': unique })
  await expectNothing()
  const before = await shop.containers()
  const started = (): Promise<string> =>
    docker('inspect', '--format', '{{.State.StartedAt}}', before['proxy'] ?? '')
  const since = await started()
  const { told, calls } = await push({ 'web/a': `${unique} two` })
  expect(told).toEqual([
    'web: build; web/a changed in build context web',
    'proxy: restart; web is replaced, and proxy is to be restarted with it',
    'side: recreate; it lives in web, which is replaced',
  ])
  expect(calls).toEqual(['build web', 'up web side', 'restart proxy'])
  const after = await shop.containers()
  expect(after['other']).toBe(before['other'])
  expect(after['proxy']).toBe(before['proxy'])
  expect(await started()).not.toBe(since)
  const network = await docker('inspect', '--format', '{{.HostConfig.NetworkMode}}', after['side'] ?? '')
  expect(network).toBe(`container:${after['web']}`)
  await expectNothing()
})

test('a job that is done stays so, and one that differs runs again', async () => {
  const compose = (level: number): string =>
    `services: { job: { image: local/busybox:latest, command: "true", environment: { LEVEL: ${level} } }, web: { ${idle} } }`
  await push({ 'compose.yaml': compose(1) })
  await expectNothing()
  const { told } = await push({ 'compose.yaml': compose(2) })
  expect(told).toEqual(['job: recreate; its configuration changed: environment key LEVEL'])
})

test('more and fewer containers of a service, without touching those that stay', async () => {
  const compose = (scale: number): string => `services: { web: { ${idle}, scale: ${scale} } }`
  const ids = async (): Promise<readonly string[]> => {
    const found = await docker(
      'ps',
      '--quiet',
      '--filter',
      `label=com.docker.compose.project=${shop.project}`,
    )
    return found.split('\n')
  }
  await push({ 'compose.yaml': compose(1) })
  const [one] = await ids()
  expect((await push({ 'compose.yaml': compose(3) })).told).toEqual([
    'web: start; web should have 3 containers, 1 runs',
  ])
  expect(await ids()).toHaveLength(3)
  expect(await ids()).toContain(one)
  await expectNothing()
  expect((await push({ 'compose.yaml': compose(2) })).told).toEqual([
    'web: start; web should have 2 containers, 3 run',
  ])
  expect(await ids()).toHaveLength(2)
  await expectNothing()
})

test('a profile that is chosen, and one that is not any more', async () => {
  const compose = `services: { web: { ${idle} }, tools: { ${idle}, profiles: [tools] } }`
  await push({ 'compose.yaml': compose })
  const profiles = {
    files: [],
    debug: [],
    envFiles: [],
    environment: {},
    unset: 'warn',
    profiles: ['tools'],
  } as const
  const { told } = await shop.deploy({ compose: profiles })
  expect(told).toEqual(['tools: start; tools should have 1 container, none runs'])
  expect((await shop.deploy()).told).toEqual([
    'tools: remove; the configuration does not bring up tools any more',
  ])
  expect(Object.keys(await shop.containers())).toEqual(['web'])
})

test('a project that somebody else brought up: what is as it should be stays', async () => {
  const compose = (level: number): string =>
    `services: { web: { ${idle} }, api: { ${idle}, environment: { LEVEL: ${level} } } }`
  shop.origin.commit({ 'compose.yaml': compose(1) })
  const folder = `${shop.path}-by-hand`
  execFileSync('git', ['clone', '--quiet', shop.origin.path, folder])
  await docker('compose', '-p', shop.project, '-f', `${folder}/compose.yaml`, 'up', '-d')
  const before = await shop.containers()
  const { told } = await push({ 'compose.yaml': compose(2) })
  expect(told).toEqual(['api: recreate; nothing is recorded of api yet, and Compose itself would replace it'])
  expect((await shop.containers())['web']).toBe(before['web'])
  await expectNothing()
})

test('a container that somebody made anew by hand stays, and one that was made differently is put right', async () => {
  const compose = `services: { web: { ${idle}, environment: { LEVEL: "\${LEVEL:-1}" } } }`
  await push({ 'compose.yaml': compose })
  const byHand = async (...options: readonly string[]): Promise<string> => {
    const place = ['-p', shop.project, '--project-directory', shop.path, '-f', `${shop.path}/compose.yaml`]
    return docker('compose', ...place, ...options)
  }
  await byHand('up', '-d', '--force-recreate')
  await expectNothing()
  writeFileSync(`${shop.path}.env`, 'LEVEL=2\n')
  await byHand('--env-file', `${shop.path}.env`, 'up', '-d')
  expect((await push({ 'words.md': unique })).told).toEqual([
    'web: recreate; somebody else brought web up with another configuration',
  ])
  expect(await shop.inside('web', 'sh', '-c', 'echo $LEVEL')).toBe('1')
})

test('inline configs and the values behind secrets', async () => {
  const compose = (content: string): string => `
services:
  web: { ${idle}, configs: [main], secrets: [token] }
configs: { main: { content: ${content} } }
secrets: { token: { environment: TOKEN } }
`
  const environment = (token: string) => ({
    compose: {
      files: [],
      debug: [],
      envFiles: [],
      profiles: [],
      unset: 'warn',
      environment: { TOKEN: token },
    } as const,
  })
  shop.origin.commit({ 'compose.yaml': compose('one') })
  await shop.deploy(environment('a'))
  shop.origin.commit({ 'compose.yaml': compose('two') })
  const content = await shop.deploy(environment('a'))
  expect(content.told).toEqual(['web: recreate; its configuration changed: the config main'])
  expect(await shop.inside('web', 'cat', '/main')).toBe('two')
  const value = await shop.deploy(environment('b'))
  expect(value.told).toEqual(['web: recreate; the value of TOKEN changed, which web mounts'])
  expect(await shop.inside('web', 'cat', '/run/secrets/token')).toBe('b')
  expect((await shop.deploy(environment('b'))).told).toEqual([])
})
