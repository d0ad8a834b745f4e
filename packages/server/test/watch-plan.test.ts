import {
  type Container,
  defineApp,
  DeployError,
  pipeline,
  type Plan,
  type Project,
  step,
} from '@fairway/core'
import { fakeContainer, fakeEngine } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import type { Deployment } from '../src/journal/journal.ts'
import { memoryJournal } from '../src/journal/memory-journal.ts'
import type { DeployInput, DeployPipeline } from '../src/pipelines.ts'
import { runDeployment } from '../src/run-deployment.ts'
import { watchPlan } from '../src/watch-plan.ts'
import { delivery } from './journal/journal-contract.ts'
import { recordingLogger } from './support/recording-logger.ts'

const commit = 'a'.repeat(40)
const secret = 'hunter2hunter2'
const plan: Plan = {
  app: 'shop',
  commit,
  services: [
    { service: 'web', action: 'build', because: [`web/${secret} changed`], buildKey: 'key', forced: true },
    { service: 'db', action: 'keep', because: [] },
  ],
}
const project = { name: 'shop' } as Project

interface Result {
  readonly deployment: Deployment
  /** As it stood while the step after the plan ran. */
  readonly meanwhile: Deployment | undefined
  readonly lines: readonly string[]
}

/** Runs a deployment whose work after the plan is `work`, over an engine that then shows `left`. */
async function run(
  work: () => readonly Container[],
  left: readonly Container[] | 'unavailable',
): Promise<Result> {
  const journal = memoryJournal()
  await journal.accept(delivery('d1', 'shop'))
  const claim = await journal.next(new Set())
  if (!claim) throw new Error('Nothing was handed out')
  const { id } = claim.deployment
  const engine = fakeEngine()
  engine.show('shop', left)
  const log = recordingLogger()
  let meanwhile: Deployment | undefined
  const { done } = runDeployment(claim, {
    journal,
    log,
    findApp: async (name) => defineApp({ name, repository: 'acme/shop', path: '/srv/shop' }),
    redact: (text) => text.replaceAll(secret, '***'),
    pipeline: (_rollout, watch) =>
      pipeline<DeployInput>()
        .use('lockCheckout', () => ({ project }))
        .use(
          watchPlan(
            step<{ project: Project }, { plan: Plan }>('makePlan', () => ({ plan })),
            { engine, watch },
          ),
        )
        .use('waitHealthy', async () => {
          meanwhile = await journal.deployment(id)
          return { containers: work() }
        }) as unknown as DeployPipeline,
  })
  await done
  const deployment = await journal.deployment(id)
  if (!deployment) throw new Error('It is gone')
  return { deployment, meanwhile, lines: log.lines }
}

const shown = [fakeContainer({ service: 'web', id: 'web-1' }), fakeContainer({ service: 'db', id: 'db-1' })]
const recorded: Plan = {
  app: 'shop',
  commit,
  services: [
    { service: 'web', action: 'build', because: ['web/*** changed'] },
    { service: 'db', action: 'keep', because: [] },
  ],
}
const left = [
  {
    service: 'web',
    id: 'web-1',
    image: 'sha256:web',
    madeBy: expect.objectContaining({ commit, delivery: 'd1', because: ['web/*** changed'] }) as unknown,
  },
  { service: 'db', id: 'db-1', image: 'sha256:db', madeBy: null },
]

test('a plan is recorded as soon as it is known, without secrets and what only applying needs', async () => {
  const { meanwhile, deployment } = await run(() => shown, shown)
  expect(meanwhile).toMatchObject({ plan: recorded, containers: null, endedAt: null })
  expect(meanwhile?.plan).toStrictEqual(recorded)
  expect(deployment).toMatchObject({ status: 'success', plan: recorded, containers: left })
})

test('of a failed deployment it is recorded what is there after it', async () => {
  const { deployment } = await run(() => {
    throw new DeployError('unhealthy', 'web exited with code 3')
  }, shown)
  expect(deployment).toMatchObject({ status: 'failure', plan: recorded, containers: left })
})

test('where the engine does not answer after a failure, the containers stay unknown', async () => {
  const { deployment, lines } = await run(() => {
    throw new DeployError('docker_unavailable', 'The Docker engine does not answer')
  }, 'unavailable')
  expect(deployment).toMatchObject({ status: 'failure', plan: recorded, containers: null })
  expect(lines.join('\n')).toContain(
    'Cannot note what the deployment left: The Docker engine does not answer',
  )
})
