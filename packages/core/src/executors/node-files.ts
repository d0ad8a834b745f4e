import { createHash } from 'node:crypto'
import { access, readFile, readlink, realpath, rm, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { DeployError } from '../errors.ts'
import type { Files } from './files.ts'

/** The machine's own files. Whatever fails but for "not there" is a `DeployError` `files_failed` that names the path. */
export function nodeFiles(): Files {
  return {
    read: (path) => ifThere('read', path, () => readText(path)),
    digest: (path) => ifThere('read', path, () => digestOf(path)),
    exists: async (path) => (await ifThere('look for', path, () => access(path).then(() => true))) ?? false,
    realPath: (path) => realPath(resolve(path)),
    readLink: (path) => ifThere('look at', path, () => readLink(path)),
    modifiedAt: async (path) => (await ifThere('look at', path, () => stat(path)))?.mtimeMs,
    remove: (path) => ifThere('remove', path, () => rm(path)),
    freeSpace: (path) => freeSpace(resolve(path)),
  }
}

const maxSize = 1024 * 1024

async function readText(path: string): Promise<string> {
  const { size } = await stat(path)
  if (size <= maxSize) return readFile(path, 'utf8')
  throw new DeployError('files_failed', `Cannot read ${path}: it is larger than 1 MiB`, {
    hint: 'Fairway reads configuration only; look at what that file is',
  })
}

const maxDigested = 16 * 1024 * 1024

async function digestOf(path: string): Promise<string | undefined> {
  const found = await stat(path)
  if (!found.isFile() || found.size > maxDigested) return undefined
  return `sha256:${createHash('sha256')
    .update(await readFile(path))
    .digest('hex')}`
}

async function readLink(path: string): Promise<string | undefined> {
  try {
    return await readlink(path)
  } catch (error) {
    // EINVAL: it is there, but no link.
    if ((error as NodeJS.ErrnoException).code === 'EINVAL') return undefined
    throw error
  }
}

async function realPath(path: string): Promise<string> {
  const real = await ifThere('resolve', path, () => realpath(path))
  return real ?? join(await realPath(dirname(path)), basename(path))
}

async function freeSpace(path: string): Promise<number> {
  const found = await ifThere('look at', path, () => statfs(path))
  return found ? found.bavail * found.bsize : freeSpace(dirname(path))
}

async function ifThere<T>(doing: string, path: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action()
  } catch (cause) {
    if (cause instanceof DeployError) throw cause
    const { code = String(cause) } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new DeployError('files_failed', `Cannot ${doing} ${path}: ${reasons[code] ?? code}`, {
      hint: hints[code] ?? 'Look at that path as the user that runs Fairway',
      cause,
    })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links go round in a circle',
  EPERM: 'not permitted',
  ERR_FS_EISDIR: 'it is a folder',
}

const hints: Readonly<Record<string, string>> = {
  EACCES: 'Let the user that runs Fairway read and write it',
  EPERM: 'Let the user that runs Fairway read and write it',
}
