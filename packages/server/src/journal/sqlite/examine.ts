import type { DatabaseSync } from 'node:sqlite'
import type { Tables } from '../tables.ts'
import { isDamage } from './storage-error.ts'

const megabyte = 2 ** 20

/** What is wrong with an open journal's content; undefined where nothing is found. `size` is that of its file. */
export function examine(database: DatabaseSync, size: number): string | undefined {
  try {
    return pragmas(size)
      .map((pragma) => database.prepare(`PRAGMA ${pragma}`).get() as Record<string, unknown>)
      .map((row) => String(Object.values(row)[0]))
      .find((finding) => finding !== 'ok')
      ?.replaceAll(/\s+/g, ' ')
  } catch (error) {
    if (isDamage(error)) return (error as Error).message
    throw error
  }
}

/** Each reads all that it looks at, and everything waits meanwhile; the more there is, the less of it is looked at. */
function pragmas(size: number): readonly string[] {
  if (size <= 32 * megabyte) return ['integrity_check(1)']
  // Without the deliveries' bodies, which are the bulk of it.
  if (size <= 1024 * megabyte) return ['quick_check(deployments)', 'quick_check(meta)']
  return ['quick_check(meta)']
}

/** Whether a row is damaged that has still to end: nobody could tell what was to be deployed. */
export function findDamagedRow(
  read: (onDamaged: (error: Error) => void) => Pick<Tables, 'unsettled'>,
): string | undefined {
  let found: string | undefined
  const tables = read((error) => (found ??= error.message))
  tables.unsettled()
  return found
}
