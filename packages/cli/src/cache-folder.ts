import { lstatSync, mkdirSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { Environment } from '@fairway/core'

/**
 * Folder for what Node has compiled, below the user's own cache; undefined where it would not be this user's alone. What lies in it
 * is run as code: that of somebody else, as of the user before `sudo`, must not be, and nothing is left in their folders.
 */
export function cacheFolder(
  { HOME = '', XDG_CACHE_HOME = '' }: Environment,
  user = process.getuid?.(),
): string | undefined {
  const isGiven = isAbsolute(XDG_CACHE_HOME)
  const cache = isGiven ? XDG_CACHE_HOME : join(HOME, '.cache')
  const folders = [cache, join(cache, 'fairway'), join(cache, 'fairway', 'compiled')]
  try {
    if (!isGiven && !(isAbsolute(HOME) && isOwn(HOME, user))) return undefined
    return folders.every((folder) => isOwnOrMade(folder, user)) ? folders.at(-1) : undefined
  } catch {
    // It can't be made, as in a home that is read-only: the command starts more slowly then, and nothing else.
    return undefined
  }
}

function isOwnOrMade(folder: string, user: number | undefined): boolean {
  if (lstatSync(folder, { throwIfNoEntry: false })) return isOwn(folder, user)
  mkdirSync(folder, { mode: 0o700 })
  return true
}

/** A folder, not a link to one, that nobody else can write to. */
function isOwn(folder: string, user: number | undefined): boolean {
  const found = lstatSync(folder)
  return found.isDirectory() && found.uid === user && (found.mode & 0o022) === 0
}
