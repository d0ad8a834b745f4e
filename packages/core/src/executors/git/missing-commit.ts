import { isDeployError } from '../../errors.ts'
import type { Clock } from '../clock.ts'
import type { Git } from '../git.ts'
import { systemClock } from '../system-clock.ts'
import type { RunGit } from './command.ts'
import { openRemote } from './open-remote.ts'
import { commitOf, type ReadGit } from './reads.ts'

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
  readonly clock?: Clock
}

/** What brings a single commit into a checkout that hasn't got it. */
export function gitMissingCommit({ run, read, clock = systemClock() }: Tools): Pick<Git, 'fetchMissing'> {
  return {
    async fetchMissing(checkout, commit, call) {
      const { path } = checkout
      if ((await commitOf(read, path, commit, call)) !== undefined) return true
      try {
        // A whole clone must stay one: a depth would cut its history off at this commit.
        const shallow = (await read(path, ['rev-parse', '--is-shallow-repository'], call)).trim() === 'true'
        const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules']
        const args = ['fetch', ...options, ...(shallow ? ['--depth=1'] : [])]
        const remote = await openRemote(checkout, { run, read, clock }, call)
        await remote.ask({ args, refs: [commit], doing: `Cannot fetch ${commit} into ${path}` })
      } catch (error) {
        // The remote need not have it any more, nor give single commits away; the caller does without.
        if (!isDeployError(error) || error.code === 'cancelled') throw error
      }
      return (await commitOf(read, path, commit, call)) !== undefined
    },
  }
}
