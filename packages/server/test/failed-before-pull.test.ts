import { defineApp } from '@fairway/core'
import { fakeWorld } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { memoryJournal } from '../src/journal/memory-journal.ts'
import { deployPipeline } from '../src/pipelines.ts'
import { runDeployment } from '../src/run-deployment.ts'
import { recordingLogger } from './support/recording-logger.ts'

const path = '/srv/shop'
const ref = 'refs/heads/main'
const url = 'https://example.com/acme/shop.git'
const app = defineApp({ name: 'shop', repository: 'acme/shop', branch: 'main', url, path })
const push = { repository: 'acme/shop', ref: 'HEAD', pusher: 'ada', manual: {} }

test('one by hand that fails as it looks for held content ends for its commit, so that it is no push that was missed', async () => {
  const world = fakeWorld({ path })
  const journal = memoryJournal()
  const deploy = async () => {
    const deployment = await journal.request({ app: 'shop', push, claim: true })
    const { done } = runDeployment(
      { deployment, push },
      {
        journal,
        findApp: async () => app,
        pipeline: (_stopping, watch, asked) =>
          deployPipeline(world, { wait: false, who: 'a test' }, { push: asked, watch }),
        log: recordingLogger(),
        clock: world.clock,
      },
    )
    await done
    return journal.deployment(deployment.id)
  }
  world.git.commit(ref, { 'compose.yaml': 'services: { web: { image: "web:1" } }' })
  expect(await deploy()).toMatchObject({ status: 'success' })
  const content = [
    { service: 'web', reason: 'web is unhealthy', commit: 'a'.repeat(40), at: '2026-01-01T00:00:00.000Z' },
  ]
  await world.git.changeHolds(path, 'shop', (holds) => ({ ...holds, content }))
  const broken = world.git.commit(ref, { 'docs/a.md': 'no Compose file' })
  const failed = await deploy()
  expect(failed).toMatchObject({ status: 'failure', commit: broken })
  expect(failed?.steps.map(({ name }) => name)).not.toContain('gitPull')
  expect(await journal.history('shop', broken)).toMatchObject({ ended: true })
})
