import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dockerfile, makeWorld, type World } from '../support/world.ts'

const startsServe = dockerfile.replace(/CMD .*/, 'CMD ["sh", "/www/serve.sh"]')
const composeFile = `services:
  web:
    build: ./web
    init: true
  migrate:
    build: ./migrate
    volumes: ["./data:/data"]
`
const serve = 'exec busybox httpd -f -p 8080 -h /www\n'

/** The files of a version whose migration and program are these. */
const version = (number: number, { migration = 'true', program = serve } = {}) => ({
  'docker-compose.prod.yml': composeFile,
  '.gitignore': 'data\nhooks.log\n',
  'web/Dockerfile': startsServe,
  'web/index.html': `web ${number}\n`,
  'web/serve.sh': program,
  'migrate/Dockerfile': dockerfile.replace(/CMD .*/, 'CMD ["sh", "/www/run.sh"]'),
  'migrate/run.sh': `echo ${number} >>/data/migrations\n${migration}\n`,
})

let world: World
const inCheckout = async (file: string): Promise<readonly string[]> =>
  (await readFile(join(world.path, file), 'utf8')).trim().split('\n')
/** Pushes these files and waits for the end of their deployment. */
async function push(files: Readonly<Record<string, string>>) {
  await world.origin.commit('a version', files)
  await world.origin.push()
  return world.deploy()
}
async function first(): Promise<void> {
  const { reason } = await push(version(1))
  if (reason !== null) throw new Error(reason)
}
afterEach(() => world.close())

describe('hooks and a migration', () => {
  // A check that looks at what serves while it runs, and fails where the version says so.
  const note = 'echo "$1 $FAIRWAY_SERVICES $FAIRWAY_STATUS" >>hooks.log; test ! -e "fail-$1"'
  const hook = (when: string) => [['sh', '-c', note, 'hook', when]]

  beforeEach(async () => {
    world = await makeWorld({
      app: {
        migrate: { service: 'migrate' },
        hooks: { beforeUp: hook('before'), afterUp: hook('after'), onFailure: hook('failure') },
      },
    })
    await first()
  })

  test('run in their order at each push that replaces something, and at none that does not', async () => {
    expect(await world.served('web')).toBe('web 1')
    expect([...(await world.containers()).keys()]).toEqual(['web'])
    expect(await inCheckout('data/migrations')).toEqual(['1'])
    expect(await inCheckout('hooks.log')).toEqual(['before migrate web ', 'after migrate web success'])
    const [deployment] = await world.journal.deployments()
    expect(deployment?.steps.map(({ name }) => name)).toEqual([
      'lockCheckout',
      'refuseOwnCheckout',
      'refuseHeld',
      'gitPull',
      'lockProject',
      'makePlan',
      'refuseItself',
      'checkDisk',
      'buildImages',
      'beforeUp',
      'migrate',
      'applyPlan',
      'waitHealthy',
      'afterUp',
      'keepRelease',
      'recordDeployed',
      'prune',
    ])
    const kept = await push({ 'readme.md': 'words\n' })
    expect(kept).toMatchObject({ status: 'success' })
    expect(kept.plan?.services.filter(({ action }) => action !== 'keep')).toEqual([])
    expect(await inCheckout('data/migrations')).toEqual(['1'])
    expect(await push({ 'web/index.html': 'web 2\n' })).toMatchObject({ status: 'success' })
    expect(await world.served('web')).toBe('web 2')
    expect(await inCheckout('data/migrations')).toEqual(['1', '1'])
  })

  test('a beforeUp that fails leaves the old version serving, its data as it was', async () => {
    const before = await world.containers()
    const ended = await push({ ...version(2), 'fail-before': '' })
    expect(ended).toMatchObject({ status: 'failure' })
    expect(ended.reason).toContain('hooks.beforeUp[0] (sh) ended with exit code 1')
    expect(await world.containers()).toEqual(before)
    expect(await world.served('web')).toBe('web 1')
    expect(await inCheckout('data/migrations')).toEqual(['1'])
    expect((await inCheckout('hooks.log')).at(-1)).toBe('failure migrate web failure')
  })

  test('a migration that fails leaves the old version serving, and runs again with the next push', async () => {
    const before = await world.containers()
    const ended = await push(version(2, { migration: 'echo no such column >&2; exit 4' }))
    expect(ended.reason).toContain('The migration of shop by migrate failed')
    expect(ended.reason).toContain('no such column')
    expect(await world.containers()).toEqual(before)
    expect(await world.served('web')).toBe('web 1')
    expect(await push({ 'migrate/run.sh': 'echo 3 >>/data/migrations\n' })).toMatchObject({
      status: 'success',
    })
    expect(await world.served('web')).toBe('web 2')
    expect(await inCheckout('data/migrations')).toEqual(['1', '2', '3'])
  })

  test('an afterUp that fails brings the old version back, without its migration', async () => {
    const ended = await push({ ...version(2), 'fail-after': '' })
    expect(ended.reason).toMatch(
      /^hooks\.afterUp\[0\] \(sh\) ended with exit code 1; rolled back to [0-9a-f]{7}, which serves again\n/,
    )
    expect(await world.served('web')).toBe('web 1')
    expect(await inCheckout('data/migrations')).toEqual(['1', '2'])
  })
})

describe('a probe', () => {
  beforeEach(async () => {
    world = await makeWorld({
      app: { rollout: { probe: 'http://web:8080/index.html', healthTimeout: '2s' } },
    })
    await first()
  })

  test('that is not answered fails a deployment whose containers all run', async () => {
    const ended = await push(version(2, { program: 'echo never ready; exec sleep 1000\n' }))
    expect(ended.status).toBe('failure')
    expect(ended.reason).toMatch(
      /^web did not answer http:\/\/web:8080\/index\.html within 2 s of being up; last asked at [\d.]+:8080: connection refused; rolled back to \w{7}, which serves again\n/,
    )
    expect(ended.reason).toContain('  never ready')
  })
})

test('a dependency that fails to start is told with its lines, and with what it kept from starting', async () => {
  world = await makeWorld()
  const depending = `services:
  db: { image: "local/busybox:latest", init: true, command: [sh, -c, "echo no disk; exec sleep 1000"],
    healthcheck: { test: "echo out of order; exit 1", interval: 200ms, retries: 1 } }
  web: { build: ./web, init: true, depends_on: { db: { condition: service_healthy } } }
`
  const ended = await push({ ...version(1), 'docker-compose.prod.yml': depending })
  expect(ended.status).toBe('failure')
  expect(ended.reason).toMatch(
    /^db is unhealthy; web was not started, as it depends on db; there is nothing to go back to,/,
  )
  expect(ended.reason).toContain('  out of order')
  expect(ended.reason).toContain('  no disk')
})

test('a probe or migration of a service that the project does not have fails before anything is built', async () => {
  world = await makeWorld({ app: { migrate: { service: 'migrat' } } })
  const ended = await push(version(1))
  expect(ended.reason).toContain(
    '`migrate.service` names the service migrat, which docker-compose.prod.yml does not have',
  )
  expect(ended.reason).toContain('It has migrate, web')
  expect([...(await world.containers()).keys()]).toEqual([])
})
