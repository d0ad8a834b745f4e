import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DeployError, isDeployError } from '../../errors.ts'

/** A file somebody put into the folder; `owner` is a user id. */
export interface Found {
  readonly value: unknown
  readonly owner: number
}

const maxSize = 64 * 1024

/** The start of the names of all files about one lock. */
export function digestOf(what: string): string {
  return createHash('sha256').update(what).digest('hex').slice(0, 32)
}

/** A name without its ending that nobody had before: digest, pid, a random part. */
export function newName(digest: string): string {
  return `${digest}.${process.pid}.${randomBytes(8).toString('hex')}`
}

/** The pid in a name, if the name is one of ours with that ending. */
export function pidIn(file: string, ending: 'json' | 'held' | 'tmp'): number | undefined {
  const [, pid, found] = /^[0-9a-f]{32}\.([1-9]\d{0,9})\.[0-9a-f]{16}\.(json|held|tmp)$/.exec(file) ?? []
  return found === ending ? Number(pid) : undefined
}

/** The claims for one lock among a folder's files. */
export function claimsOf(digest: string, files: readonly string[]): readonly string[] {
  return files.filter((file) => file.startsWith(`${digest}.`) && pidIn(file, 'json') !== undefined)
}

/** Puts a file there, or in the place of an older one of ours, so that nobody ever reads half of it. */
export function writeRecord(folder: string, name: string, ending: 'json' | 'held', value: unknown): void {
  const temporary = join(folder, `${newName(name.slice(0, 32))}.tmp`)
  try {
    // `wx` never follows a link and never opens what is there already.
    const file = openSync(temporary, 'wx', 0o600)
    try {
      writeFileSync(file, `${JSON.stringify(value)}\n`)
      // Whoever can't read a claim can't judge it; the mode at opening is cut by the umask.
      fchmodSync(file, 0o644)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, join(folder, `${name}.${ending}`))
  } catch (error) {
    remove(temporary, ['ENOENT', 'EPERM', 'EACCES'])
    throw error
  }
}

/** A record of ours that is written again and again. */
export interface OpenRecord {
  write(value: unknown): void
  close(): void
}

/** So much is written to a file as a whole or not at all, whenever the process dies. */
const wholePage = 4_096

/**
 * Opens a record that is there for being changed. It is written over where it stands, which costs a fiftieth of putting a new file in
 * its place: whoever reads it while its writer lives may read half, and whoever reads it afterwards may not.
 */
export function openRecord(folder: string, name: string, ending: 'held'): OpenRecord {
  let file = openSync(join(folder, `${name}.${ending}`), constants.O_WRONLY | constants.O_NOFOLLOW)
  let length = 0
  return {
    write(value) {
      const text = Buffer.from(`${JSON.stringify(value)}\n`)
      if (Math.max(text.length, length) > wholePage) {
        writeRecord(folder, name, ending, value)
        closeSync(file)
        file = openSync(join(folder, `${name}.${ending}`), constants.O_WRONLY | constants.O_NOFOLLOW)
        length = text.length
        return
      }
      // Blanks over the rest of a longer one: to cut it off would be a second step.
      const whole = Buffer.alloc(Math.max(text.length, length), ' ')
      text.copy(whole)
      length = whole.length
      if (writeSync(file, whole, 0, whole.length, 0) < whole.length)
        throw new Error(`${name} could not be written whole`)
    },
    close: () => closeSync(file),
  }
}

/** Reads a file of the folder; nothing where there is none, or where it can't be one of ours. */
export function readRecord(folder: string, file: string): Found | undefined {
  const opened = openPlanted(join(folder, file))
  if (opened === undefined) return undefined
  try {
    const stat = fstatSync(opened)
    if (!stat.isFile() || stat.size > maxSize) return undefined
    return { value: JSON.parse(readFileSync(opened, 'utf8')) as unknown, owner: stat.uid }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  } finally {
    closeSync(opened)
  }
}

/** Opens a file that anybody could have put there: follows no link, and doesn't wait for a pipe's other end. */
function openPlanted(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    // Gone, a link, a socket. Any other error must not pass for "nobody is there".
    if (['ENOENT', 'ELOOP', 'ENXIO'].includes(codeOf(error))) return undefined
    throw error
  }
}

/** Removes a file of our own. */
export function removeRecord(folder: string, file: string): void {
  remove(join(folder, file), ['ENOENT'])
}

/** Removes a file if it may: in a folder like /tmp that is up to its owner and root. */
export function discard(folder: string, file: string): void {
  remove(join(folder, file), ['ENOENT', 'EPERM', 'EACCES', 'EISDIR'])
}

function remove(path: string, tolerated: readonly string[]): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (!tolerated.includes(codeOf(error))) throw error
  }
}

/** Turns the system's errors into ones that say what to do. */
export async function explaining<T>(doing: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof Error) || codeOf(error) === '' || isDeployError(error)) throw error
    throw new DeployError('files_failed', `${doing}: ${error.message}`, {
      hint: 'Every user that runs Fairway must be able to write to the folder of the lock files; FAIRWAY_LOCKS names another one',
      cause: error,
    })
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}
