import type { App } from '../domain/app.ts'
import type { Container } from '../domain/container.ts'
import type { Pull } from '../domain/pull.ts'
import type { Rebuild } from '../domain/rebuild.ts'
import type { ServiceState } from '../domain/state.ts'
import type { Git } from '../executors/git.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { step, type Step } from '../step.ts'

/** The last step: moves `refs/fairway/deployed/<app>`, the base of the next decision, and writes `refs/fairway/state/<app>`. */
export function recordDeployed({ git = simpleGit() }: { readonly git?: Git } = {}): Step<{
  app: App
  pull: Pull
  rebuild: Rebuild
  containers: readonly Container[]
}> {
  return step('recordDeployed', async ({ app, pull, rebuild, containers }, run) => {
    const names = new Set([...Object.keys(rebuild.builds), ...containers.map(({ service }) => service)])
    const services = [...names]
      .toSorted()
      .map((name) => [name, serviceState(name, rebuild, containers)] as const)
    const state = { commit: pull.after, services: Object.fromEntries(services), unsettled: [] }
    await git.recordDeployed(app.path, app.name, state, run)
    run.log.info(`✅ Deployment task for ${app.name} finished.`)
  })
}

function serviceState(name: string, { builds }: Rebuild, containers: readonly Container[]): ServiceState {
  const build = builds[name]
  const image = containers.find(({ service }) => service === name)?.image
  return { ...(build === undefined ? {} : { build }), ...(image === undefined ? {} : { image }) }
}
