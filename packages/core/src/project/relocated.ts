import type { Compose } from '../executors/compose.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import { realPathOf, type Relocation, whereItLies } from '../decisions/relocation.ts'

export interface Relocatable {
  readonly git: Git
  readonly files: Files
  readonly compose: Compose
}

/**
 * Executors that see a checkout as a commit has it, though nothing was moved there: its files are read where they lie meanwhile, and
 * every path is told as if they lay in the checkout. `tracked`: the files of that commit.
 */
export function relocated<Executors extends Relocatable>(
  executors: Executors,
  relocation: Relocation,
  tracked: ReadonlySet<string>,
): Executors {
  const { git, files, compose } = executors
  const at = (path: string): string => whereItLies(path, relocation)
  return {
    ...executors,
    git: { ...git, isTracked: async (_path, file) => tracked.has(file) },
    files: {
      ...files,
      read: (path) => files.read(at(path)),
      digest: (path) => files.digest(at(path)),
      exists: (path) => files.exists(at(path)),
      realPath: async (path) => realPathOf(await files.realPath(at(path)), relocation),
      readLink: (path) => files.readLink(at(path)),
      modifiedAt: (path) => files.modifiedAt(at(path)),
      remove: () => Promise.reject(new Error('Nothing is removed of a checkout that is only looked at')),
    },
    compose: {
      ...compose,
      services: (project, call) => compose.services(project, { ...call, relocation }),
      wouldTouch: (project, services, call) => compose.wouldTouch(project, services, { ...call, relocation }),
    },
  }
}
