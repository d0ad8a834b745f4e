import {
  type Container,
  type Engine,
  isSkip,
  type Looked,
  type Plan,
  type Project,
  type Pull,
  type Step,
} from '@fairway/core'

/** Told what a deployment is about and what it does once that is known, and what one that then did not succeed left. */
export interface PlanWatch {
  looked?(at: Looked): void
  planned(plan: Plan, pull?: Pull): void
  left(containers: readonly Container[]): void
}

/** The step that plans, for somebody who watches. */
export function watchPlan<
  Needs extends { readonly project: Project; readonly pull?: Pull },
  Adds extends { readonly plan: Plan },
>(
  { name, run: plan }: Step<Needs, Adds>,
  { engine, watch }: { readonly engine: Engine; readonly watch: PlanWatch },
): Step<Needs, Adds> {
  return {
    name,
    async run(ctx, run) {
      const added = await plan(ctx, run)
      if (isSkip(added)) return added
      watch.planned(added.plan, ctx.pull)
      // Deferred after the locks: nobody else works on the project yet.
      run.defer(async (outcome) => {
        if (outcome === 'success') return
        try {
          watch.left(await engine.containers(ctx.project.name))
        } catch (error) {
          run.log.warn(
            `Cannot note what the deployment left: ${error instanceof Error ? error.message : String(error)}`,
          )
        }
      })
      return added
    },
  }
}
