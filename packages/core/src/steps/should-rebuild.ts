import { basename, isAbsolute, join } from 'node:path'
import { decideRebuild, type RebuildInput } from '../decisions/decide-rebuild.ts'
import { composeHoles } from '../decisions/known-holes.ts'
import type { App } from '../domain/app.ts'
import type { Build, Service } from '../domain/project.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import type { Rebuild } from '../domain/rebuild.ts'
import type { DeployedState } from '../domain/state.ts'
import { isDeployError } from '../errors.ts'
import { composeCli } from '../executors/compose-cli.ts'
import type { Compose } from '../executors/compose.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import { nodeFiles } from '../executors/node-files.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { checkServices } from '../project/check-services.ts'
import { readProject } from '../project/read-project.ts'
import { refuseLinks } from '../project/refuse-links.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'
import { pythonList } from '../text.ts'

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
  const warnOfHoles = holeWarning(compose)
  return step('shouldRebuild', async ({ app, push, pull }, run) => {
    const { name, path } = app
    run.log.info(`Checking for changes in ${name} to decide rebuild...`)
    await warnOfHoles(run)
    const changed = await changedSinceBase(app, pull, git, run)
    const touched = await triggerFileTouched(app, git, files, run)
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

/** Warns of a Compose with a known hole, once. */
function holeWarning(compose: Compose): (run: Run) => Promise<void> {
  let asked = false
  return async (run) => {
    if (asked) return
    const [hole, fix] = composeHoles(await compose.version(run)) ?? []
    asked = true
    if (hole !== undefined) run.log.warn(`Docker Compose: ${hole}. ${fix}`)
  }
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

/** Files changed since the base; where that can't be told, everything is built. */
async function changedSinceBase(
  { name, path }: App,
  { after }: Pull,
  git: Git,
  run: Run,
): Promise<RebuildInput['changed']> {
  const base = await git.deployed(path, name, run)
  if (base === undefined) return { unknown: `${name} has no successful deployment yet` }
  run.log.info(`Checking git diff for ${path}...`)
  try {
    const changed = await git.changedFiles(path, base, after, run)
    if (changed === undefined)
      return { unknown: `the commit last deployed, ${base}, is no longer in the checkout` }
    run.log.info(`Changed files in git: ${pythonList(changed)}`)
    return changed
  } catch (error) {
    if (!isDeployError(error, 'git_failed')) throw error
    run.log.error(`Git diff failed for ${path}: ${error.message}`)
    return { unknown: 'what changed since the last deployment could not be read' }
  }
}

/** When the untracked trigger file was last touched; undefined where there is none, or a tracked one. */
async function triggerFileTouched(app: App, git: Git, files: Files, run: Run): Promise<number | undefined> {
  const { triggerFile } = app.rebuild
  const file = join(app.path, triggerFile)
  const touched = await files.modifiedAt(file)
  // What success removes must not lie in a folder elsewhere.
  if (touched !== undefined) await refuseLinks(app, [file], { git, files }, run)
  return touched !== undefined && (await git.isTracked(app.path, triggerFile, run)) ? undefined : touched
}

/** It asked for this build and goes away with success, unless it was touched again meanwhile. */
function removeAfterSuccess(
  { path, rebuild: { triggerFile } }: App,
  touched: number,
  files: Files,
  run: Run,
): void {
  const file = join(path, triggerFile)
  run.defer(async (outcome) => {
    if (outcome !== 'success' || (await files.modifiedAt(file)) !== touched) return
    await files.remove(file)
    run.log.info(`${triggerFile} removed, as the deployment succeeded.`)
  })
}

/** Git names files by where they are: a context that is a symbolic link must be seen there too. */
async function resolveLinks(services: readonly Service[], files: Files): Promise<readonly Service[]> {
  const real = async (path: string): Promise<string> => (isAbsolute(path) ? files.realPath(path) : path)
  const resolve = async (build: Build): Promise<Build> => {
    const [context, additionalContexts] = await Promise.all([
      real(build.context),
      Promise.all(build.additionalContexts.map(real)),
    ])
    const dockerfile = build.dockerfile === undefined ? {} : { dockerfile: await real(build.dockerfile) }
    return { ...build, context, additionalContexts, ...dockerfile }
  }
  return Promise.all(
    services.map(async (service) =>
      service.build ? { ...service, build: await resolve(service.build) } : service,
    ),
  )
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
