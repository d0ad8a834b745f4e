import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { createReadStream } from 'node:fs'
import { lstat, readlink } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

/** What is known of a file by its content: a digest of content and permissions, or why it can't be read. */
type FileDigest = { readonly digest: string } | { readonly problem: string }

/** Gives the digest of a file or symbolic link; undefined where there is nothing, or something that Docker doesn't send. */
export type DigestFile = (path: string) => Promise<FileDigest | undefined>

/** A file that changed less long ago may change again and keep its times. */
const restless = 2_000
const most = 200_000

/** Digests of files, each read once as long as it stays as it is. */
export function fileDigests({
  now = Date.now,
  read = contentOf,
}: {
  readonly now?: () => number
  /** Gives the digest of a file's content. */
  readonly read?: (path: string) => Promise<string>
} = {}): DigestFile {
  const known = new Map<string, string>()
  return async (path) => {
    try {
      const stat = await lstat(path, { bigint: true })
      if (stat.isSymbolicLink()) return { digest: hash(`link\0${await readlink(path)}`) }
      if (!stat.isFile()) return undefined
      const key = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':')
      const found = known.get(key)
      if (found !== undefined) return { digest: found }
      const mode = (Number(stat.mode) & 0o7777).toString(8)
      const digest = hash(`file\0${mode}\0${await read(path)}`)
      if (now() - Number(stat.ctimeMs) > restless && (await isSame(path, stat))) {
        // The oldest go first, as a Map keeps its order.
        if (known.size >= most) for (const old of [...known.keys()].slice(0, most / 2)) known.delete(old)
        known.set(key, digest)
      }
      return { digest }
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
      return { problem: problemOf(error) }
    }
  }
}

/** In words. */
export function problemOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'EACCES' || code === 'EPERM' ? 'permission denied' : (code ?? message)
}

async function contentOf(path: string): Promise<string> {
  const content = createHash('sha256')
  await pipeline(createReadStream(path), content)
  return content.digest('hex')
}

async function isSame(path: string, before: BigIntStats): Promise<boolean> {
  const after = await lstat(path, { bigint: true })
  return after.mtimeNs === before.mtimeNs && after.ctimeNs === before.ctimeNs && after.size === before.size
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
