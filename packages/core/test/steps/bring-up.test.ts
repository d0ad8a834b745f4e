import { beforeEach, expect, test } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
import type { Container } from '../../src/domain/container.ts'
import type { Rebuild } from '../../src/domain/rebuild.ts'
import { DeployError } from '../../src/errors.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { composeUp } from '../../src/steps/compose-up.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { type FakeCompose, fakeCompose } from '../../src/testing/fake-compose.ts'
import { fakeContainer, type FakeEngine, fakeEngine } from '../../src/testing/fake-engine.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'
import { fakeLocks } from '../../src/testing/fake-locks.ts'

const path = '/srv/shop'
const conflict = new DeployError(
  'compose_failed',
  'Cannot bring up project shop: Error response from daemon: Conflict. The container name "/0123456789ab_shop-web-1" is already in use by container "f00d".',
  { output: ['Recreate'] },
)

let compose: FakeCompose
let engine: FakeEngine
beforeEach(() => {
  compose = fakeCompose({ services: [{ name: 'web', replicas: 1 }] })
  engine = fakeEngine()
})

const leftover = (name: string): Container =>
  fakeContainer({ service: 'web', id: name, name, state: 'created', startedAt: '0001-01-01T00:00:00Z' })

async function bringUp(
  given: { readonly engine?: FakeEngine } = { engine },
  told: (line: string) => void = () => {},
): Promise<{ outcome: Outcome<object>; warned: readonly string[] }> {
  const app = defineApp({ name: 'shop', repository: 'acme/shop', path })
  const rebuild: Rebuild = { needed: false, services: [], because: [], reasons: {}, builds: {} }
  const warned: string[] = []
  const warn = (line: string): void => {
    warned.push(line)
    told(line)
  }
  const files = fakeFiles({ [`${path}/compose.yaml`]: 'services: {}\n' })
  const outcome = await pipeline<{ app: App; rebuild: Rebuild }>()
    .use(composeUp({ compose, files, git: fakeGit(), locks: fakeLocks(), clock: fakeClock(), ...given }))
    .run({ app, rebuild }, { log: { debug() {}, info() {}, warn, error() {} } })
  return { outcome, warned }
}

test('F6: what an interrupted recreate left is cleared up before `up`, and told', async () => {
  const [first, second] = [leftover('0123456789ab_shop-web-1'), leftover('ba9876543210_shop-db-1')]
  engine.show('shop', [first, second, fakeContainer({ service: 'web', name: 'shop-web-1', state: 'exited' })])
  compose.fail('up')
  const { warned } = await bringUp()
  expect(warned).toEqual([
    'shop: the container 0123456789ab_shop-web-1, which an interrupted deployment left and which never ran, was removed',
    'shop: the container ba9876543210_shop-db-1, which an interrupted deployment left and which never ran, is called shop-db-1 now',
  ])
  expect((await engine.containers('shop')).map(({ name }) => name)).toEqual(['shop-db-1', 'shop-web-1'])
})

test.each([
  ['with an engine', true, ['leftovers shop', 'leftovers shop']],
  ['without one', false, []],
])('F6: a conflict of names is tried once more: %s', async (_, has, asked) => {
  compose.fail('up', conflict)
  const { outcome, warned } = await bringUp(has ? { engine } : {}, () => compose.mend('up'))
  expect(outcome).toMatchObject({ status: 'success' })
  expect(compose.calls).toEqual(['up shop', 'up shop'])
  expect(engine.calls).toEqual(asked)
  expect(warned).toEqual([
    `${conflict.message}\nBringing up shop once more, as this attempt may have cleared the way`,
  ])
})

test('F6: a conflict that stays is told, with what to do', async () => {
  compose.fail('up', conflict)
  expect((await bringUp()).outcome).toMatchObject({
    status: 'failure',
    error: {
      code: 'compose_failed',
      message: conflict.message,
      output: ['Recreate'],
      hint: 'See whose it is with docker ps --all; if nobody needs it, remove it with docker rm',
    },
  })
  expect(compose.calls).toEqual(['up shop', 'up shop'])
})

test('another failure is not tried again', async () => {
  compose.fail('up')
  expect((await bringUp()).outcome).toMatchObject({ error: { code: 'compose_failed' } })
  expect(compose.calls).toEqual(['up shop'])
})
