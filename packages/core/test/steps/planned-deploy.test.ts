import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { docker } from '../support/docker.ts'
import { type PlannedDeploy, plannedDeploy } from '../support/planned-deploy.ts'
import type { Files } from '../support/repository.ts'

// One project for all: each test begins with what the one before has deployed, as pushes do.
let shop: PlannedDeploy
beforeAll(async () => {
  shop = plannedDeploy()
  push(start)
  const { outcome } = await shop.deploy()
  if (outcome.status !== 'success') throw new Error('the first deployment failed', { cause: outcome })
})
afterAll(() => shop.close())

const unique = randomUUID()
const dockerfile = 'FROM local/busybox:latest\nCOPY . /www/\nCMD ["sleep", "3600"]\n'
const compose = `
services:
  web: { build: web, init: true }
  api: { build: api, init: true, env_file: api.env }
  proxy:
    image: local/busybox:latest
    command: sleep 3600
    init: true
    volumes: ["./proxy.conf:/proxy.conf:ro", "./site:/site:ro"]
`
const start: Files = {
  'compose.yaml': compose,
  'web/Dockerfile': dockerfile,
  'web/page': `one ${unique}\n`,
  'web/.dockerignore': '*.md\n',
  'api/Dockerfile': dockerfile,
  'api/main.py': `one ${unique}\n`,
  'api.env': 'LEVEL=1\nPASSWORD=secret-one\n',
  'proxy.conf': 'one\n',
  'site/index.html': 'one\n',
  'README.md': 'one\n',
}

function push(files: Files): void {
  shop.origin.commit(files)
}

/** Services whose containers are others now. */
async function replaced(deploy: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await shop.containers()
  await deploy()
  const after = await shop.containers()
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => before[name] !== after[name]).toSorted()
}

interface Expected {
  readonly told: readonly string[]
  readonly calls: readonly string[]
  readonly replaced: readonly string[]
}

async function expectDeploy(expected: Expected): Promise<readonly string[]> {
  const before = await shop.containers()
  const { outcome, told, calls, log } = await shop.deploy()
  expect({ status: outcome.status, log }).toMatchObject({ status: 'success' })
  const after = await shop.containers()
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  const others = [...names].filter((name) => before[name] !== after[name]).toSorted()
  expect({ told, calls, replaced: others }).toEqual(expected)
  return log
}

const nothing: Expected = { told: [], calls: [], replaced: [] }

test('after a success there is nothing to do, and Compose is not started', async () => {
  const log = await expectDeploy(nothing)
  expect(log).toContain('No rebuild trigger files found. No rebuild required.')
  expect(log.at(-1)).toBe(`✅ Deployment task for ${shop.project} finished.`)
})

test('neither for a push that changes only what no service uses, or what is left out of the image', async () => {
  push({ 'README.md': 'two\n', 'web/notes.md': 'two\n' })
  await expectDeploy(nothing)
})

test('one source file: its service is built and replaced, the others stay', async () => {
  push({ 'web/page': `two ${unique}\n` })
  const log = await expectDeploy({
    told: ['web: build; web/page changed in build context web'],
    calls: ['build web', 'up web'],
    replaced: ['web'],
  })
  expect(log).toContain('web: build: web/page changed in build context web')
  expect(await shop.inside('web', 'cat', '/www/page')).toBe(`two ${unique}`)
})

test('back to the content of before: its image gets the name again, and nothing is built', async () => {
  push({ 'web/page': `one ${unique}\n` })
  await expectDeploy({
    told: [
      'web: recreate; web/page changed in build context web; an image built from the same content is here',
    ],
    calls: [`tag ${shop.project}-web:latest`, 'up web'],
    replaced: ['web'],
  })
  expect(await shop.inside('web', 'cat', '/www/page')).toBe(`one ${unique}`)
})

test('an env_file: its service alone is replaced, and the keys are named without their values', async () => {
  push({ 'api.env': 'LEVEL=2\nPASSWORD=secret-two\n' })
  const log = await expectDeploy({
    told: ['api: recreate; its configuration changed: environment keys LEVEL, PASSWORD'],
    calls: ['up api'],
    replaced: ['api'],
  })
  expect(log.join('\n')).not.toContain('secret-')
  expect(await shop.inside('api', 'sh', '-c', 'echo $LEVEL')).toBe('2')
})

test('a file and a folder that are mounted: the container is made anew, and sees them', async () => {
  push({ 'proxy.conf': 'two\n' })
  await expectDeploy({
    told: ['proxy: recreate; proxy.conf changed, which proxy mounts'],
    calls: ['recreate proxy'],
    replaced: ['proxy'],
  })
  expect(await shop.inside('proxy', 'cat', '/proxy.conf')).toBe('two')
  push({ 'site/index.html': 'two\n' })
  await expectDeploy({
    told: ['proxy: recreate; site/index.html changed, which proxy mounts'],
    calls: ['recreate proxy'],
    replaced: ['proxy'],
  })
})

test('after a failed build a push that changes only words still builds', async () => {
  push({ 'api/Dockerfile': `${dockerfile}RUN exit 7\n`, 'api/main.py': `two ${unique}\n` })
  const failed = await shop.deploy()
  expect(failed.outcome).toMatchObject({ status: 'failure', step: 'applyPlan' })
  push({ 'api/Dockerfile': dockerfile })
  push({ 'README.md': 'three\n' })
  await expectDeploy({
    told: ['api: build; api/main.py changed in build context api'],
    calls: ['build api', 'up api'],
    replaced: ['api'],
  })
  expect(await shop.inside('api', 'cat', '/www/main.py')).toBe(`two ${unique}`)
  await expectDeploy(nothing)
})

test('what a release that came up badly left is made anew with the next, from images that are here', async () => {
  push({ 'api/Dockerfile': `${dockerfile}CMD exit 3\n` })
  expect((await shop.deploy()).outcome).toMatchObject({ status: 'failure', step: 'waitHealthy' })
  push({ 'api/Dockerfile': dockerfile })
  await expectDeploy({
    told: [
      'api: recreate; an image built from the same content is here; a deployment that did not succeed may have replaced api; api should have 1 container, none runs',
    ],
    calls: [`tag ${shop.project}-api:latest`, 'recreate api'],
    replaced: ['api'],
  })
})

test('a container that is gone is brought back', async () => {
  await docker('rm', '--force', (await shop.containers())['web'] ?? '')
  expect(await replaced(() => shop.deploy())).toEqual(['web'])
})

test('a service that the files have no more is removed, and the others stay', async () => {
  push({ 'compose.yaml': compose.replace(/ {2}proxy:[^]*/, '') })
  await expectDeploy({
    told: ['proxy: remove; the configuration does not bring up proxy any more'],
    calls: ['remove 1'],
    replaced: ['proxy'],
  })
})

test('another COLOR is refused while the old project has containers, and nothing is touched', async () => {
  const before = await shop.containers()
  const { outcome, calls } = await shop.deploy({ color: 'red' })
  expect(outcome).toMatchObject({
    status: 'failure',
    step: 'makePlan',
    error: {
      code: 'project_renamed',
      hint: expect.stringContaining(`docker compose -p ${shop.project} down`) as string,
    },
  })
  expect(calls).toEqual([])
  expect(await shop.containers()).toEqual(before)
})

test('asked for by hand, all is built though nothing changed, and nothing is replaced', async () => {
  const others = await replaced(async () => {
    const { told } = await shop.deploy({}, { rebuild: true })
    expect(told).toEqual(['api: build; a rebuild was asked for', 'web: build; a rebuild was asked for'])
  })
  expect(others).toEqual([])
})
