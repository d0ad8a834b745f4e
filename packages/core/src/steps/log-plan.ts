import { basename } from 'node:path'
import type { PlanInput } from '../decisions/plan-deployment.ts'
import type { App } from '../domain/app.ts'
import type { Plan } from '../domain/plan.ts'
import type { Run } from '../run.ts'
import { cleanText } from '../text.ts'

interface Changes extends Pick<PlanInput, 'changed' | 'triggered'> {
  readonly plan: Plan
}

/** Says in the seed's words whether anything is built, and which trigger asked for it. */
export function logChanges(
  { rebuild: { triggers, triggerFile } }: App,
  { changed, triggered, plan }: Changes,
  { log }: Run,
): void {
  if (plan.services.every(({ action }) => action !== 'build')) {
    log.info('No rebuild trigger files found. No rebuild required.')
    return
  }
  if (!('unknown' in changed) && changed.some((file) => triggers.includes(basename(file)))) {
    log.info('Detected trigger file changes via git diff. Rebuild required.')
  }
  if (triggered) log.info(`Detected ${triggerFile} file. Rebuild required.`)
}

/** One line for each service: `web: build: web/index.html changed in build context web`. */
export function logPlan({ services }: Plan, { log }: Run): void {
  for (const { service, action, because } of services) {
    const why = because.length === 0 ? '' : `: ${because.join('; ')}`
    log.info(`${cleanText(service)}: ${action}${why}`)
  }
}
