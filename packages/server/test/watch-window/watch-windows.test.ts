import { fakeContainer, fakeWorld, type FakeWorld, pushPayload, signedDelivery } from '@fairway/core/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createServer,
  type Deployment,
  type FairwayServer,
  type Journal,
  memoryJournal,
} from '../../src/index.ts'
import { recordingLogger } from '../support/recording-logger.ts'

const secret = 'a secret of more than sixteen characters'
const path = '/srv/shop'

let world: FakeWorld
let journal: Journal
let server: FairwayServer
let lines: readonly string[]

function start(rollout: object = { watch: '5m' }): void {
  const logger = recordingLogger()
  lines = logger.lines
  server = createServer({
    config: {
      server: { logFile: null, catchUp: 0 },
      webhook: { secrets: [secret] },
      apps: {
        shop: {
          repository: 'acme/shop',
          branch: 'main',
          path,
          url: 'https://example.com/acme/shop.git',
          rollout: { settle: 0, ...rollout },
        },
      },
    },
    logger,
    journal,
    executors: world,
  })
}

function commit(version: string): string {
  return world.git.commit('refs/heads/main', {
    'docker-compose.prod.yml': 'services: { web: { build: ./web } }\n',
    'web/Dockerfile': 'FROM scratch\n',
    'web/index.html': version,
  })
}

/** Pushes a version and waits for the end of its deployment. */
async function push(version: string): Promise<Deployment> {
  commit(version)
  const { headers, body } = signedDelivery({ secret, payload: pushPayload() })
  await server.app.request('/webhook', {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  })
  return newestEnded()
}

function newestEnded(): Promise<Deployment> {
  return vi.waitFor(
    async () => {
      const [newest] = await journal.deployments()
      if (!newest?.endedAt) throw new Error(`${newest?.id} is ${newest?.status}`)
      return newest
    },
    { timeout: 10_000, interval: 5 },
  )
}

/** Changes what the engine shows of web's containers from now on. */
function become(changes: Partial<ReturnType<typeof fakeContainer>>): void {
  world.engine.show(
    'shop',
    world.engine.shown('shop').map((container) => ({ ...container, ...changes })),
  )
}

const said = (pattern: RegExp): Promise<void> =>
  vi.waitFor(
    () => {
      if (!lines.some((line) => pattern.test(line)))
        throw new Error(`Not said: ${String(pattern)}\n${lines.join('\n')}`)
    },
    { timeout: 10_000, interval: 5 },
  )
const count = async (): Promise<number> => (await journal.deployments()).length

beforeEach(() => {
  world = fakeWorld({ path })
  journal = memoryJournal({ clock: world.clock })
})
afterEach(() => server.close())

describe('a version that turns bad after its success', () => {
  let first: string
  beforeEach(async () => {
    start()
    await push('1')
    first = (await world.git.deployed(path, 'shop')) ?? ''
    await push('2')
    await said(/shop is watched for 300 s/)
  })

  test('is rolled back by itself, held, and what is back is not watched', async () => {
    become({ state: 'exited', exitCode: 3 })
    await said(/turned bad after .* had succeeded: web exited with code 3/)
    await said(/goes back to the release before/)
    const back = await newestEnded()
    expect(back).toMatchObject({ status: 'success', commit: first })
    expect(back.reason).toMatch(
      /^went back to \w{7}: web exited with code 3, \d+ s after its deployment succeeded$/,
    )
    const { content } = await world.git.holds(path, 'shop')
    expect(content).toMatchObject([{ service: 'web', left: true }])
    expect(content[0]?.reason).toContain('web exited with code 3')

    const watches = (): number => lines.filter((line) => line.includes('is watched for')).length
    const before = watches()
    become({ state: 'exited', exitCode: 3 })
    const again = await push('2')
    expect(again).toMatchObject({ status: 'skipped' })
    expect(again.reason).toContain('held because web at')
    expect(watches()).toBe(before)
  })

  test('is watched no more once a newer one begins, whatever becomes of it meanwhile', async () => {
    const taken = await world.locks.take(`checkout:${path}`, 'somebody')
    if (!taken.taken) throw new Error('somebody else has the lock')
    const pushed = push('3')
    await said(/shop waits/)
    become({ state: 'exited', exitCode: 3 })
    const looks = world.engine.calls.length
    // Longer than the pause between two looks.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(world.engine.calls.slice(looks)).toEqual([])
    await taken.lock.release()
    expect((await pushed).status).toBe('success')
    expect(await count()).toBe(3)
  })

  test('is not rolled back while a newer one waits', async () => {
    const push3 = { repository: 'acme/shop', ref: 'refs/heads/main', pusher: 'ada' }
    // In the hands of another process, which does not begin.
    await journal.request({ app: 'shop', push: push3, claim: true })
    become({ restartCount: 1 })
    await said(/shop is not brought back: a newer deployment is under way/)
    expect(await count()).toBe(3)
  })

  test('is watched on after a push that deployed nothing', async () => {
    await world.git.changeHolds(path, 'shop', () => ({
      app: { reason: 'the fair', by: 'ada', at: '' },
      content: [],
    }))
    expect((await push('3')).status).toBe('skipped')
    become({ health: 'unhealthy' })
    await said(/turned bad .*: web is unhealthy/)
  })

  test('is watched on by the next start of the server', async () => {
    await server.close()
    journal = { ...journal, close: async () => {} }
    start()
    await said(/shop is watched for \d+ s/)
    become({ restartCount: 4 })
    await said(/goes back to the release before/)
    expect(await newestEnded()).toMatchObject({ status: 'success', commit: first })
  })
})

test('with onFailure keep it is only said', async () => {
  start({ watch: '5m', onFailure: 'keep' })
  await push('1')
  await push('2')
  await said(/is watched for/)
  become({ state: 'exited', exitCode: 3 })
  await said(/shop is left as it is/)
  expect(await count()).toBe(2)
})

test('where there is no release before it, the way back fails and says so', async () => {
  start()
  await push('1')
  become({ state: 'exited', exitCode: 3 })
  await said(/goes back to the release before/)
  const ended = await newestEnded()
  expect(ended.status).toBe('failure')
  expect(ended.reason).toContain('there is no release before the one that is deployed')
})

test('without a window nothing is looked at', async () => {
  start({})
  await push('1')
  expect(lines.some((line) => line.includes('is watched'))).toBe(false)
})
