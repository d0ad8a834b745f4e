import { accessSync, chmodSync, constants, existsSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { DeployError } from '../../errors.ts'
import type { Environment } from '../environment.ts'

/** The folder of the lock files, made where it isn't there yet. */
export function locksFolder(directory: string | undefined, environment: Environment): string {
  const chosen = directory ?? environment['FAIRWAY_LOCKS']
  if (chosen !== undefined && chosen !== '') return make(resolve(chosen))
  const folder = make(defaultFolder())
  // Its parent is open to everybody, who could have put a link to a place of theirs.
  if (lstatSync(folder).isDirectory()) return folder
  throw new DeployError('files_failed', `Cannot use ${folder} for lock files: it is not a folder`, {
    hint: 'Find out who made it and remove it, or set FAIRWAY_LOCKS to another folder, the same for every Fairway here',
  })
}

function defaultFolder(): string {
  const folder = '/run/lock/fairway'
  // Once somebody has made it, it is the one: another folder would lock nobody out.
  return existsSync(folder) || isWritable(dirname(folder)) ? folder : join(tmpdir(), 'fairway-locks')
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function make(folder: string): string {
  if (existsSync(folder)) return folder
  mkdirSync(dirname(folder), { recursive: true })
  try {
    mkdirSync(folder)
    // As /tmp: every user may lock, and nobody but its owner removes a file. mkdir's own mode is cut by the umask.
    chmodSync(folder, 0o1777)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return folder
}
