import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import type { Checkout } from '../git.ts'
import type { RunGit } from './command.ts'
import { findDirectories } from './directories.ts'
import { onDisk } from './disk.ts'
import type { ReadGit } from './reads.ts'

/** Writes the files of a commit into an empty folder, with an index of its own that is gone afterwards. */
export async function exportTo(
  { path, timeout }: Checkout,
  commit: string,
  folder: string,
  { run, read }: { readonly run: RunGit; readonly read: ReadGit },
  call?: Call,
): Promise<void> {
  const doing = `Cannot write the files of ${commit} into ${folder}`
  const { own } = await findDirectories(path, read, call)
  await onDisk(doing, folder, async () => {
    const place = await mkdtemp(join(tmpdir(), 'fairway-index-'))
    try {
      const variables = { GIT_DIR: own, GIT_WORK_TREE: folder, GIT_INDEX_FILE: join(place, 'index') }
      // Not checkout-index, which goes by the attributes of the tree that is there instead of the commit's.
      const args = ['read-tree', '--reset', '-u', commit]
      await run({ path, args, variables, timeout, doing }, call)
    } finally {
      await rm(place, { recursive: true, force: true })
    }
  })
}
