import { addHeld, chooseHeld, withoutHeld } from '../decisions/hold-content.ts'
import type { App } from '../domain/app.ts'
import type { Push } from '../domain/push.ts'
import type { Release } from '../domain/release.ts'
import type { Clock } from '../executors/clock.ts'
import type { Git } from '../executors/git.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import type { LeftBehind } from '../project/left-behind.ts'
import { step, type Step } from '../step.ts'
import { pythonList } from '../text.ts'

/**
 * After a way back that somebody asked for: holds the content that was left, and no longer what is deployed now. Belongs before
 * `recordDeployed`, after which one can't tell any more what was left.
 */
export function holdLeft({
  git = simpleGit(),
  clock = systemClock(),
}: { readonly git?: Git; readonly clock?: Clock } = {}): Step<{
  app: App
  push: Push
  release?: Release
  left?: LeftBehind
}> {
  return step('holdLeft', async ({ app, push, release, left }, run) => {
    if (!release || push.manual?.rollback?.again) return
    const { path, name } = app
    const { services = {} } = left ?? {}
    const names = chooseHeld({
      failed: [],
      touched: Object.keys(services),
      services,
      before: release.services,
    })
    const reason = push.manual?.rollback?.reason ?? 'an earlier release was gone back to'
    const at = clock.now().toISOString()
    const held = names.map((service) => {
      const { buildKey, configuration, mounts } = services[service] ?? {}
      return {
        service,
        ...(buildKey === undefined ? {} : { buildKey }),
        ...(configuration === undefined ? {} : { configuration }),
        ...(mounts === undefined ? {} : { mounts }),
        commit: left?.commit ?? '',
        ...(left?.deployment === undefined ? {} : { deployment: left.deployment }),
        reason,
        at,
        left: true as const,
      }
    })
    await git.changeHolds(path, name, (holds) => withoutHeld(addHeld(holds, held), release.services), run)
    if (held.length > 0) run.log.info(`Held until it changes, of ${left?.commit}: ${pythonList(names)}`)
  })
}
