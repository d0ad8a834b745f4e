import { readdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import { lstatOrNothing } from './blob.ts'
import { mayBeHeld } from './stale-locks.ts'

/** Does a fetch; where it fails, takes away what git had received by then: git leaves that, and a full disk full. */
export async function removingTemporaries<T>(path: string, fetch: () => Promise<T>, call?: Call): Promise<T> {
  try {
    return await fetch()
  } catch (error) {
    // A cleanup that fails must not replace what went wrong.
    await removeTemporaries(path).catch((reason: unknown) =>
      call?.output?.(`Temporary files stay in ${path}: ${String(reason)}`),
    )
    throw error
  }
}

async function removeTemporaries(path: string): Promise<void> {
  const directory = join(path, '.git')
  // Of a linked worktree they lie elsewhere, and stay.
  if (!(await lstatOrNothing(join(directory, 'objects')))?.isDirectory()) return
  const objects = await realpath(join(directory, 'objects'))
  const found = (await readdir(objects, { recursive: true })).filter((name) =>
    /(^|\/)tmp_(obj|pack|idx|rev)_[^/]+$/.test(name),
  )
  if (found.length === 0) return
  const places = await Promise.all([path, directory].map((place) => realpath(place)))
  for (const file of found.map((name) => join(objects, name))) {
    if (!mayBeHeld(file, places)) await rm(file, { force: true })
  }
}
