import type { DeployError } from '../../errors.ts'
import { diskError } from './disk.ts'
import { gitError } from './git-error.ts'
import { ownershipError } from './ownership.ts'

/** A git command that failed, in plain words: whose the checkout is or what its disk lacks; else what git said. */
export async function localError(doing: string, path: string, stderr: string): Promise<DeployError> {
  return (
    (await ownershipError(path, stderr)) ?? (await diskError(doing, path, stderr)) ?? gitError(doing, stderr)
  )
}
