import type { App } from '../domain/app.ts'
import type { BuildKey } from '../domain/build-key.ts'
import type { Service } from '../domain/project.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Call } from '../run.ts'

export interface BuildKeysOptions {
  readonly app: App
  /** Name of the Compose project: images are named after it. */
  readonly project: string
  readonly commit: string
  readonly services: readonly Service[]
  /** Real path of the checkout, as the services' paths are given. */
  readonly root: string
  /** Whether tracked files that were edited count: not before a pull, which replaces them. */
  readonly edits: boolean
}

/** The build keys of the services that have a build section, by service. */
export async function buildKeys(
  { services }: BuildKeysOptions,
  _executors: { readonly git: Git; readonly files: Files },
  _call?: Call,
): Promise<ReadonlyMap<string, BuildKey>> {
  const built = services.filter(({ build }) => build)
  return new Map(built.map(({ name }) => [name, { unknown: `${name} has no key yet` }]))
}
