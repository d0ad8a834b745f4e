import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { DeployError } from '../errors.ts'
import type { Files } from '../executors/files.ts'

/** Files in memory. */
export interface FakeFiles extends Files {
  /** What was to be changed through `Files`, such as `remove /srv/shop/REBUILD_TRIGGER`. */
  readonly calls: readonly string[]
  /** `modifiedAt`: milliseconds since 1970; default: 0. */
  readonly write: (path: string, text: string, modifiedAt?: number) => void
  /** Makes `path` a symbolic link to `target`, both absolute. */
  readonly link: (path: string, target: string) => void
  /** Sets how many bytes can still be written below a path; default: 1 TB everywhere. */
  readonly fill: (path: string, free: number) => void
}

interface Entry {
  readonly text: string
  readonly modifiedAt: number
}

/** Files in memory, from absolute paths to texts; a folder is there as long as a file is below it. */
export function fakeFiles(initial: Readonly<Record<string, string>> = {}): FakeFiles {
  const entries = new Map<string, Entry>(
    Object.entries(initial).map(([path, text]) => [path, { text, modifiedAt: 0 }]),
  )
  const links = new Map<string, string>()
  const spaces = new Map<string, number>()
  const calls: string[] = []

  const real = (path: string): string => {
    const plain = posix.resolve(path)
    const link = [...links].find(([from]) => isAtOrBelow(plain, from))
    return link ? real(link[1] + plain.slice(link[0].length)) : plain
  }
  const isFolder = (path: string): boolean =>
    [...entries.keys()].some((file) => file !== path && isAtOrBelow(file, path))
  const find = (doing: string, path: string): Entry | undefined => {
    if (isFolder(real(path))) throw new DeployError('files_failed', `Cannot ${doing} ${path}: it is a folder`)
    return entries.get(real(path))
  }

  return {
    calls,
    async read(path) {
      const text = find('read', path)?.text
      if (text === undefined || Buffer.byteLength(text) <= 1024 * 1024) return text
      throw new DeployError('files_failed', `Cannot read ${path}: it is larger than 1 MiB`)
    },
    async digest(path) {
      const text = entries.get(real(path))?.text
      return text === undefined ? undefined : textDigest(text)
    },
    exists: async (path) => entries.has(real(path)) || isFolder(real(path)),
    realPath: async (path) => real(path),
    readLink: async (path) => links.get(posix.join(real(posix.dirname(path)), posix.basename(path))),
    modifiedAt: async (path) => entries.get(real(path))?.modifiedAt ?? (isFolder(real(path)) ? 0 : undefined),
    async remove(path) {
      calls.push(`remove ${path}`)
      const link = posix.join(real(posix.dirname(path)), posix.basename(path))
      if (!links.delete(link) && find('remove', path)) entries.delete(link)
    },
    async freeSpace(path) {
      const [, free = 1e12] = [...spaces].findLast(([folder]) => isAtOrBelow(real(path), folder)) ?? []
      return free
    },
    fill: (path, free) => void spaces.set(posix.resolve(path), free),
    write: (path, text, modifiedAt = 0) => void entries.set(real(path), { text, modifiedAt }),
    link: (path, target) => void links.set(posix.resolve(path), posix.resolve(target)),
  }
}

/** As `Files.digest` gives it for a file of this text. */
export function textDigest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}
