import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes the files of a folder that were last written before a time, in milliseconds since 1970; gives how many. */
export async function pruneFolder(folder: string, before: number): Promise<number> {
  let removed = 0
  for (const name of await list(folder)) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path)
    if (mtimeMs >= before) continue
    await rm(path)
    removed += 1
  }
  return removed
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    // Nothing was deployed yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
