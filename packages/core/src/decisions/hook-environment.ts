import type { App } from '../domain/app.ts'
import type { Plan } from '../domain/plan.ts'
import type { Project } from '../domain/project.ts'
import type { Pull } from '../domain/pull.ts'
import { cleanText } from '../text.ts'

/** What is known of a deployment when a hook runs; after a failure the later ones may be missing. */
export interface HookFacts {
  readonly app: App
  /** Id of the deployment's record, where there is one. */
  readonly deployment?: string | undefined
  readonly pull?: Pull | undefined
  readonly project?: Project | undefined
  readonly plan?: Plan | undefined
  /** Told after `up` only. */
  readonly status?: 'success' | 'failure'
  readonly reason?: string
}

/** The facts as variables, each one line; what isn't known isn't there. */
export function hookEnvironment(facts: HookFacts): Readonly<Record<string, string>> {
  const { app, deployment, pull, project, plan, status, reason } = facts
  const touched = plan?.services.filter(({ action }) => action !== 'keep').map(({ service }) => service)
  const all = {
    FAIRWAY_APP: app.name,
    FAIRWAY_DEPLOYMENT: deployment,
    FAIRWAY_COMMIT: pull?.after,
    FAIRWAY_REF: pull?.ref,
    FAIRWAY_PROJECT: project?.name,
    // A service's name has no blanks in it.
    FAIRWAY_SERVICES: touched?.join(' '),
    FAIRWAY_STATUS: status,
    FAIRWAY_REASON: reason,
  }
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, cleanText(value, 2_000)]],
    ),
  )
}
