import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lstatOrNothing } from './blob.ts'

/** A ref and the id that it is to have. */
export type RefUpdate = readonly [ref: string, id: string]

/**
 * Moves refs together, as `git update-ref --stdin` does in a repository that keeps them in files (gitrepository-layout(5)): all are
 * locked first. False where that is left to git: nothing is moved then, or what was moved may be moved again.
 */
export async function updateRefFiles(gitDirectory: string, updates: readonly RefUpdate[]): Promise<boolean> {
  const locked = new Set<string>()
  const lock = async ([ref, id]: RefUpdate): Promise<void> => {
    const file = join(gitDirectory, `${ref}.lock`)
    await mkdir(dirname(file), { recursive: true })
    const handle = await open(file, 'wx')
    locked.add(file)
    try {
      await handle.writeFile(`${id}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
  try {
    // All of them end, so that no lock comes after the others were given back.
    const taken = await Promise.allSettled(updates.map(lock))
    if (taken.some(({ status }) => status === 'rejected')) return false
    for (const [ref] of updates) if (!(await isOrdinary(gitDirectory, ref))) return false
    for (const [ref] of updates) {
      const file = join(gitDirectory, `${ref}.lock`)
      await rename(file, join(gitDirectory, ref))
      // From here on it may be another's.
      locked.delete(file)
    }
    return true
  } catch {
    // Git says better what is in the way.
    return false
  } finally {
    for (const file of locked) await rm(file, { force: true })
  }
}

/** Whether a ref is none yet, or an id in a file, and nobody writes down where it was. */
async function isOrdinary(gitDirectory: string, ref: string): Promise<boolean> {
  if (await lstatOrNothing(join(gitDirectory, 'logs', ref))) return false
  const file = join(gitDirectory, ref)
  const stat = await lstatOrNothing(file)
  if (stat === undefined) return true
  return stat.isFile() && /^[0-9a-f]{40}\n$/.test(await readFile(file, 'utf8'))
}
