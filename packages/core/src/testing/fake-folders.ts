import type { Folders } from '../executors/folders.ts'
import type { FakeGit } from './fake-git.ts'

/** Temporary folders in memory, of the machine of a double of git. */
export interface FakeFolders extends Folders {
  /** Those that are there. */
  readonly made: ReadonlySet<string>
}

export function fakeFolders(git: FakeGit): FakeFolders {
  const made = new Set<string>()
  let count = 0
  return {
    made,
    async create() {
      const folder = `/tmp/fairway-plan-${count++}`
      made.add(folder)
      return folder
    },
    async linkBeside(checkout, folder, tracked) {
      const head = await git.head(checkout)
      if (head?.commit === undefined) return new Set()
      const found = await git.contents(checkout, head.commit, [''])
      const files = (found.get('')?.beside ?? []).map(({ file }) => file)
      const beside = files.filter((file) => !tracked.includes(file) && git.read(folder, file) === undefined)
      for (const file of beside) git.write(folder, file, git.read(checkout, file) ?? '')
      return new Set(beside)
    },
    async remove(folder) {
      made.delete(folder)
    },
  }
}
