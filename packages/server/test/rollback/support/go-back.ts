import type { RollbackRequest } from '@fairway/core'
import { realExecutors } from '../../../src/executors.ts'
import { type Deployment, deployPipeline, runDeployment } from '../../../src/index.ts'
import type { World } from '../../support/world.ts'

/** Goes back as `fairway rollback` does: with a record in the journal, run by this process. */
export async function goBackByHand(
  world: World,
  rollback: RollbackRequest = { reason: 'too slow' },
): Promise<Deployment> {
  const { journal, app } = world
  const push = {
    repository: app.repository,
    ref: 'refs/heads/main',
    pusher: 'ada',
    manual: { rollback },
  }
  const deployment = await journal.request({ app: app.name, push, claim: true })
  const running = runDeployment(
    { deployment, push },
    {
      journal,
      findApp: async () => app,
      pipeline: (_rollout, watch, asked) =>
        deployPipeline(realExecutors(), { wait: false, who: 'a test' }, { push: asked, watch }),
      log: world.log,
    },
  )
  await running.done
  return world.ended(deployment.id)
}
