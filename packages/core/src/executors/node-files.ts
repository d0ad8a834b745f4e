import { access, readFile, realpath, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { DeployError } from '../errors.ts'
import type { Files } from './files.ts'

/** The machine's own files. Whatever fails but for "not there" is a `DeployError` `files_failed` that names the path. */
export function nodeFiles(): Files {
  return {
    read: (path) => ifThere('read', path, () => readFile(path, 'utf8')),
    exists: async (path) => (await ifThere('look for', path, () => access(path).then(() => true))) ?? false,
    realPath: (path) => realPath(resolve(path)),
    modifiedAt: async (path) => (await ifThere('look at', path, () => stat(path)))?.mtimeMs,
    remove: (path) => ifThere('remove', path, () => rm(path)),
  }
}

async function realPath(path: string): Promise<string> {
  const real = await ifThere('resolve', path, () => realpath(path))
  return real ?? join(await realPath(dirname(path)), basename(path))
}

async function ifThere<T>(doing: string, path: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action()
  } catch (cause) {
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
