import { isAbsolute, resolve } from 'node:path'
import { hookEnvironment, type HookFacts } from '../decisions/hook-environment.ts'
import type { App, Hooks } from '../domain/app.ts'
import type { Plan } from '../domain/plan.ts'
import type { Project } from '../domain/project.ts'
import type { Pull } from '../domain/pull.ts'
import { DeployError, isDeployError } from '../errors.ts'
import type { Commands } from '../executors/commands.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import { hostCommands } from '../executors/host-commands.ts'
import { nodeFiles } from '../executors/node-files.ts'
import { simpleGit } from '../executors/simple-git.ts'
import type { Rescue } from '../pipeline.ts'
import { refuseLinks } from '../project/refuse-links.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'
import { cleanText } from '../text.ts'

export interface RunHooksOptions {
  readonly commands?: Commands
  readonly git?: Git
  readonly files?: Files
}

/** What hooks are told of; a plan and a record are told of where there are some. */
export interface HookContext {
  readonly app: App
  readonly pull: Pull
  readonly project: Project
  readonly plan?: Plan
  readonly deployment?: string
}

/**
 * Runs the app's `hooks` of one moment, one after the other, in its checkout. `beforeUp` belongs after building and before containers are
 * replaced, `afterUp` after `waitHealthy`; the first that fails, or isn't done within `timeouts.up`, fails the run with `hook_failed`.
 */
export function runHooks({
  when,
  commands = hostCommands(),
  git = simpleGit(),
  files = nodeFiles(),
}: RunHooksOptions & { readonly when: 'beforeUp' | 'afterUp' }): Step<HookContext> {
  return step(when, async (ctx, run) => {
    const facts: HookFacts = when === 'afterUp' ? { ...ctx, status: 'success' } : ctx
    await runEach(when, facts, { commands, git, files }, run)
  })
}

/** Runs the app's `hooks.onFailure`, as a pipeline's `rescue`: after those that mend something. `redact` masks what the reason may hold. */
export function onFailureHooks({
  commands = hostCommands(),
  git = simpleGit(),
  files = nodeFiles(),
  redact = (text) => text,
}: RunHooksOptions & { readonly redact?: (text: string) => string } = {}): Rescue<HookContext> {
  return async ({ error, ctx }, run) => {
    const { app } = ctx
    // Another deployment is at work in the checkout, and this one never began.
    if (!app || isDeployError(error, 'locked')) return
    const reason = redact(error instanceof Error ? error.message : String(error))
    await runEach('onFailure', { ...ctx, app, status: 'failure', reason }, { commands, git, files }, run)
  }
}

async function runEach(
  when: keyof Hooks,
  facts: HookFacts,
  { commands, ...readers }: Required<RunHooksOptions>,
  run: Run,
): Promise<void> {
  const { app } = facts
  const environment = hookEnvironment(facts)
  for (const [index, [name = '', ...args]] of app.hooks[when].entries()) {
    const called = `hooks.${when}[${index}] (${cleanText(name)})`
    run.log.info(`Running ${called} of ${app.name}`)
    const program = await findProgram(app, name, readers, run)
    const command = { called, program, args, directory: app.path, environment, timeout: app.timeouts.up }
    await commands.run(command, run).catch((error: unknown) => Promise.reject(withHint(error, when)))
  }
}

/** What has a slash in it lies in the checkout; a repository must not lead it out of there. */
async function findProgram(
  app: App,
  name: string,
  readers: { readonly git: Git; readonly files: Files },
  run: Run,
): Promise<string> {
  if (!name.includes('/') || isAbsolute(name)) return name
  const program = resolve(app.path, name)
  await refuseLinks(app, [program], readers, run)
  return program
}

function withHint(error: unknown, when: keyof Hooks): unknown {
  const isOurs = isDeployError(error, 'hook_failed') || isDeployError(error, 'timeout')
  if (!isOurs || error.hint !== undefined || when === 'onFailure') return error
  const { code, message, output, cause } = error
  return new DeployError(code, message, { hint: hints[when], output, cause })
}

const hints = {
  beforeUp: 'No container was replaced: what was deployed before still runs',
  afterUp: 'All containers are up: what failed is this command alone',
} as const
