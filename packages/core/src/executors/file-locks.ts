import { systemClock } from './system-clock.ts'
import type { Clock } from './clock.ts'
import type { Environment } from './environment.ts'
import { claim } from './file-locks/claim.ts'
import { locksFolder } from './file-locks/folder.ts'
import { digestOf, explaining } from './file-locks/records.ts'
import { survey } from './file-locks/survey.ts'
import type { Held, Locks, Taken } from './locks.ts'

export interface FileLocksOptions {
  /** Where the lock files lie; default: FAIRWAY_LOCKS, else `/run/lock/fairway`, else `fairway-locks` in the temporary folder. */
  readonly directory?: string
  readonly environment?: Environment
  readonly clock?: Clock
}

/** Times to ask again while nobody holds the lock but several are after it. */
const maxTries = 8

/**
 * Locks as files of one folder, for every process and user of a machine whose processes see each other (same pid namespace).
 *
 * Who wants a lock publishes a claim, a file that appears complete and under a name never used before, and then lists the
 * folder. It holds the lock if no other claim for it is there; else it withdraws its own.
 *
 * Two never hold at once: of two claims that stand at the same time, one was published last; its owner listed after that,
 * saw the other and withdrew. This needs every listing to show every claim that stands all the while. So a claim is never
 * renamed or replaced: of a large folder on tmpfs, a listing now and then misses a name that is replaced meanwhile (tried).
 * What changes stands in a second file, which is opened by its name: that it is there says that the claim won, and it
 * names the process groups. Only a claim whose process is dead is overlooked, and as no name comes twice, it stays dead.
 *
 * Claimants who meet don't lose for ever: all withdraw, and each tries again after a random moment.
 */
export function fileLocks({
  directory,
  environment = process.env,
  clock = systemClock(),
}: FileLocksOptions = {}): Locks {
  const take = async (what: string, who: string): Promise<Taken | Held> => {
    const folder = locksFolder(directory, environment)
    for (let tries = maxTries; ; tries -= 1) {
      const { rivals, harmless } = await survey(folder, digestOf(what))
      const rival = rivals.find(({ holds }) => holds) ?? (tries > 0 ? undefined : rivals[0])
      if (rival) return { taken: false, holder: rival.holder }
      const since = clock.now().toISOString()
      const lock = rivals.length === 0 ? claim(folder, { what, who, since }, harmless) : undefined
      if (lock) return { taken: true, lock }
      await clock.sleep(Math.random() * 50)
    }
  }
  return {
    take: (what, who) => explaining(`Cannot lock ${what}`, () => take(what, who)),
  }
}
