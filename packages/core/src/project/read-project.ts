import { isAbsolute, join } from 'node:path'
import { ownKeys } from '../decisions/env-keys.ts'
import { parseEnv } from '../decisions/parse-env.ts'
import { projectCandidates, selectProject } from '../decisions/select-project.ts'
import type { App } from '../domain/app.ts'
import type { Project } from '../domain/project.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Call } from '../run.ts'
import { checkComposeFiles, type ComposeFiles } from './check-compose-files.ts'
import { refuseLinks } from './refuse-links.ts'

/** A project as the checkout is now, checked as far as can be without Compose. */
export interface FoundProject {
  readonly project: Project
  readonly composeFiles: ComposeFiles
  /** What an operator should know about its env files. */
  readonly warnings: readonly string[]
}

/** The Compose project of an app as its checkout is now: its `.env` decides on files and colour. */
export async function readProject(
  app: App,
  executors: { readonly git: Git; readonly files: Files },
  call?: Call,
): Promise<FoundProject> {
  const { files } = executors
  const at = (file: string): string => (isAbsolute(file) ? file : join(app.path, file))
  const candidates = projectCandidates(app)
  const found = await Promise.all(candidates.map((file) => files.exists(at(file))))
  const existing = new Set(candidates.filter((_, index) => found[index]))
  // Before anything is read from it.
  await refuseLinks(app, [at('.env')], executors, call)
  const env = parseEnv((await files.read(at('.env'))) ?? '')
  const project = selectProject(app, env, (file) => existing.has(file))
  await refuseLinks(app, project.envFiles, executors, call)
  const composeFiles = await checkComposeFiles(app, project, executors, call)
  const warnings = await Promise.all(project.envFiles.map((file) => warnOfKeys(app, file, files)))
  return { project, composeFiles, warnings: warnings.flat() }
}

async function warnOfKeys({ compose }: App, file: string, files: Files): Promise<readonly string[]> {
  const keys = Object.keys(parseEnv((await files.read(file)) ?? ''))
  const { read, ignored } = ownKeys(keys, compose.profiles)
  return [
    ...(read.length > 0 ? [`${file} sets ${read.join(', ')}, which Compose takes from there`] : []),
    ...(ignored.length > 0
      ? [`${file} sets ${ignored.join(', ')}, which a deployment does not take from there`]
      : []),
  ]
}
