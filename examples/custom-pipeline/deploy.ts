import {
  type App,
  type Clock,
  type Compose,
  composeUp,
  type Engine,
  type Files,
  type Git,
  gitPull,
  lockCheckout,
  type Locks,
  pipeline,
  type Push,
  recordDeployed,
  shouldRebuild,
  skip,
  step,
  type Step,
  waitHealthy,
} from '@fairway/core'

/** Everything that touches the world; each has a default, the real one. */
export interface World {
  readonly git?: Git
  readonly compose?: Compose
  readonly engine?: Engine
  readonly files?: Files
  readonly locks?: Locks
  readonly clock?: Clock
}

/** Saves an app's data somewhere, and gives the place. */
export type Backup = (app: App) => Promise<string>

/** A deploy with three steps of our own: a condition, an optional key, and one that uses it. */
export function customDeploy(backup: Backup, world: World = {}) {
  return pipeline<{ app: App; push: Push }>()
    .use(notOnFridays(world))
    .use(lockCheckout(world))
    .use(gitPull(world))
    .use(shouldRebuild(world))
    .use('backup', async ({ app, rebuild }) => {
      // Nothing new is built: the data need not be saved, and `backup` is absent.
      if (!rebuild.needed) return undefined
      return { backup: await backup(app) }
    })
    .use(composeUp(world))
    .use(waitHealthy(world))
    .use(recordDeployed(world))
    .use('report', ({ app, pull, backup: saved }, { log }) => {
      log.info(`${app.name} is at ${pull.after}; its data before that: ${saved ?? 'not saved'}`)
    })
}

/** A condition is a step that skips; being a function of its own, it can be shared and tested alone. */
export function notOnFridays({
  clock = { now: () => new Date() },
}: {
  readonly clock?: Pick<Clock, 'now'>
}): Step<{ push: Push }> {
  return step('notOnFridays', ({ push }) => {
    if (clock.now().getDay() === 5 && !push.manual) return skip('it is Friday')
    return
  })
}
