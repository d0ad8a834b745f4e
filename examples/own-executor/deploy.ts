import {
  type App,
  type Clock,
  type Git,
  gitPull,
  lockCheckout,
  type Locks,
  pipeline,
  type Pull,
  type Push,
  skip,
  step,
  type Step,
} from '@fairway/core'
import { join } from 'node:path'
import type { Site } from './site.ts'

export interface SiteDeployOptions {
  readonly site: Site
  /** Folder of the repository that is served. */
  readonly folder: string
  readonly git?: Git
  readonly locks?: Locks
  readonly clock?: Clock
}

/** Push to deploy without Compose: Fairway's first steps, then one of our own. */
export function siteDeploy(options: SiteDeployOptions) {
  return pipeline<{ app: App; push: Push }>()
    .use(lockCheckout(options))
    .use(gitPull(options))
    .use(publishSite(options))
}

/** A step in the manner of Fairway's: a factory that takes executors and gives a step. */
export function publishSite({
  site,
  folder,
}: Pick<SiteDeployOptions, 'site' | 'folder'>): Step<{ app: App; pull: Pull }, { published: string }> {
  return step('publishSite', async ({ app, pull: { before, after } }, { log }) => {
    if (before === after) return skip(`${app.name} is at ${after} already`)
    await site.publish(join(app.path, folder))
    log.info(`${app.name}: ${folder} of ${after} is served`)
    return { published: after }
  })
}
