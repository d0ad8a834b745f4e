import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DeployError } from '../../errors.ts'

/** Less than this free is no room for a file: git says of some writes only that they failed. */
const nothing = 256 * 1024

/** What the disk of a checkout lacks, from the words of git or Node; undefined for other failures. */
export async function diskError(
  doing: string,
  path: string,
  said: string,
  cause?: unknown,
): Promise<DeployError | undefined> {
  const output = said
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-20)
  const options = { output, ...(cause === undefined ? {} : { cause }) }
  if (/read-only file system|EROFS/i.test(said)) {
    return new DeployError('git_failed', `${doing}: the file system of ${path} is read-only`, {
      ...options,
      hint: `See why with: findmnt -T ${path}; and make it writable: sudo mount -o remount,rw ...; nothing was changed`,
    })
  }
  const isFull = /no space left on device|disk quota exceeded|ENOSPC|EDQUOT/i.test(said)
  const mayBeFull = /unable to (write|create|append)|write error|could not write|failed to write/i.test(said)
  if (!isFull && !mayBeFull) return undefined
  const free = await freeSpace(path)
  if (!isFull && free >= nothing) return undefined
  const quota = /quota/i.test(said) ? ' (a quota is used up)' : ''
  return new DeployError(
    'git_failed',
    `${doing}: No space left on the disk of ${path}, ${inMegabytes(free)} MB free${quota}`,
    {
      ...options,
      hint: 'Make room there (docker system df shows what images and build cache take, docker builder prune frees the cache), then deploy again: what was half written is put right',
    },
  )
}

/** Does something with the files of a checkout, and explains a disk that is full, read-only or closed to us. */
export async function onDisk<T>(doing: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code = '', message, path: place = path } = error as NodeJS.ErrnoException
    if (['EACCES', 'EPERM'].includes(code)) {
      throw new DeployError('checkout_invalid', `${doing}: permission denied for ${place}`, {
        hint: 'Give it to the user that Fairway runs as, with chown, or run Fairway as its owner',
        cause: error,
      })
    }
    if (!['ENOSPC', 'EDQUOT', 'EROFS'].includes(code)) throw error
    throw (await diskError(doing, path, message, error)) ?? error
  }
}

async function freeSpace(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch (error) {
    // The checkout is only being made.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && path !== '/') return freeSpace(dirname(path))
    throw error
  }
}

function inMegabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)
}
