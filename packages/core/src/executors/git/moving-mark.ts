import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lstatOrNothing } from './blob.ts'
import { movingRef } from './interrupted-move.ts'

/*
 * `refs/fairway/moving`, which is Fairway's alone, written as the file that git would make of it (gitrepository-layout(5)):
 * of the three commands of a move only the middle one is then a process.
 */

/** Whether the ref is there, in a file of its own or packed. */
export async function isMarked(gitDirectory: string): Promise<boolean> {
  if ((await lstatOrNothing(join(gitDirectory, movingRef))) !== undefined) return true
  const packed = await readFile(join(gitDirectory, 'packed-refs'), 'utf8').catch(() => '')
  return packed.includes(` ${movingRef}\n`)
}

/** Writes it as git does: beside it first, and to the disk, so that a power cut leaves the whole or nothing. */
export async function mark(gitDirectory: string, commit: string): Promise<void> {
  const file = join(gitDirectory, movingRef)
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(`${file}.lock`, 'wx')
  try {
    await handle.writeFile(`${commit}\n`)
    await handle.sync()
  } catch (error) {
    await rm(`${file}.lock`, { force: true })
    throw error
  } finally {
    await handle.close()
  }
  await rename(`${file}.lock`, file)
}

/** Takes it away; false where somebody has packed it meanwhile, which only git can undo. */
export async function unmark(gitDirectory: string): Promise<boolean> {
  await rm(join(gitDirectory, movingRef), { force: true })
  return !(await isMarked(gitDirectory))
}
