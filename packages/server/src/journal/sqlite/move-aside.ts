import { existsSync, realpathSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { journalError } from '../journal-error.ts'
import { holders } from './holders.ts'
import { besides, type Place } from './place.ts'

/**
 * Moves a damaged journal and what belongs to it out of the way, and gives its new name; undefined where nothing is left of it.
 * Throws while somebody has it open: they would go on writing to a file that nobody reads any more.
 */
export function moveAside({ file }: Place, why: string, now: Date): string | undefined {
  const [holder] = holders(join(realpathSync(dirname(file)), basename(file)))
  if (holder !== undefined) {
    throw journalError(
      'journal_unavailable',
      `The journal ${file} ${why}, and process ${holder} still has it open`,
      { hint: `Stop process ${holder}: whoever starts next moves the file aside and begins a new one.` },
    )
  }
  const aside = unusedName(`${file}.damaged-${now.toISOString().replaceAll(':', '')}`)
  const moved = ['', ...besides].filter((suffix) => moveIfThere(file + suffix, aside + suffix))
  return moved.length > 0 ? aside : undefined
}

/** Moves a write-ahead log that isn't of the database beside it. */
export function moveLogAside({ file }: Place, now: Date): string {
  const aside = unusedName(`${file}.older-${now.toISOString().replaceAll(':', '')}`)
  for (const suffix of besides) moveIfThere(file + suffix, aside + suffix)
  return aside
}

function unusedName(name: string): string {
  for (let candidate = name, count = 2; ; candidate = `${name}-${count++}`) {
    if (!['', ...besides].some((suffix) => existsSync(candidate + suffix))) return candidate
  }
}

function moveIfThere(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return false
  }
}
