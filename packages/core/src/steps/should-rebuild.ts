import { basename } from 'node:path'
import { decideRebuild, type RebuildInput } from '../decisions/decide-rebuild.ts'
import type { App } from '../domain/app.ts'
import type { Service } from '../domain/project.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import type { Rebuild } from '../domain/rebuild.ts'
import type { DeployedState } from '../domain/state.ts'
import { composeCli } from '../executors/compose-cli.ts'
import type { Compose } from '../executors/compose.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import { nodeFiles } from '../executors/node-files.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { changedSinceBase } from '../project/changed-since-base.ts'
import { checkServices } from '../project/check-services.ts'
import { readProject } from '../project/read-project.ts'
import { resolveLinks } from '../project/resolve-links.ts'
import { removeAfterSuccess, triggerFileTouched } from '../project/trigger-file.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'
import { warnOfHoles } from './warn-of-holes.ts'

export interface ShouldRebuildOptions {
  readonly git?: Git
  readonly compose?: Compose
  readonly files?: Files
}

/**
 * Decides which images must be built and says why, from what changed since the commit last deployed with success.
 * Notes the services it chose in `refs/fairway/state/<app>`, so that they are built again should this deployment not succeed.
 */
export function shouldRebuild({
  git = simpleGit(),
  compose = composeCli(),
  files = nodeFiles(),
}: ShouldRebuildOptions = {}): Step<{ app: App; push: Push; pull: Pull }, { rebuild: Rebuild }> {
  return step('shouldRebuild', async ({ app, push, pull }, run) => {
    const { name, path } = app
    run.log.info(`Checking for changes in ${name} to decide rebuild...`)
    await warnOfHoles(compose, run)
    const changed = await changedSinceBase(app, pull.after, git, run)
    const touched = await triggerFileTouched(app, { git, files }, run)
    const [state, services, root] = await Promise.all([
      git.readState(path, name, run),
      desiredServices(app, { git, compose, files }, run),
      files.realPath(path),
    ])
    const requested = push.manual?.rebuild ?? false
    const rebuild = decideRebuild({
      rules: app.rebuild,
      path: root,
      services,
      changed,
      state,
      triggered: touched !== undefined,
      requested,
    })
    logDecision(app, changed, touched !== undefined, rebuild, run)
    if (rebuild.needed) {
      await git.writeState(path, name, unsettle(state, rebuild), run)
      if (touched !== undefined) removeAfterSuccess(app, touched, files, run)
    }
    return { rebuild }
  })
}

/** The services, with paths as git sees them; whatever is wrong with the project's files ends the run here. */
async function desiredServices(
  app: App,
  executors: { readonly git: Git; readonly compose: Compose; readonly files: Files },
  run: Run,
): Promise<readonly Service[]> {
  const found = await readProject(app, executors, run)
  const { services, warnings } = await checkServices(app, found, executors, run)
  for (const warning of [...found.warnings, ...warnings]) run.log.warn(warning)
  return resolveLinks(services, executors.files)
}

function logDecision(
  { rebuild: { triggers, triggerFile } }: App,
  changed: RebuildInput['changed'],
  triggered: boolean,
  { needed, reasons }: Rebuild,
  { log }: Run,
): void {
  if (!needed) {
    log.info('No rebuild trigger files found. No rebuild required.')
    return
  }
  if (!('unknown' in changed) && changed.some((file) => triggers.includes(basename(file)))) {
    log.info('Detected trigger file changes via git diff. Rebuild required.')
  }
  if (triggered) log.info(`Detected ${triggerFile} file. Rebuild required.`)
  for (const [service, because] of Object.entries(reasons))
    log.info(`Build ${service}: ${because.join('; ')}`)
}

function unsettle(state: DeployedState | undefined, { services }: Rebuild): DeployedState {
  return { services: {}, ...state, unsettled: [...new Set([...(state?.unsettled ?? []), ...services])] }
}
