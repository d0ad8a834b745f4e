import { lstat, open, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { DockerIgnore } from '../decisions/docker-ignore.ts'
import { type TarEntry, tarEnd, tarHeader, tarPadding } from '../decisions/tar-entry.ts'

/** The files that a build is sent, in order of their paths; undefined where something is no file, folder or symbolic link. */
export async function listContext(
  context: string,
  ignore: DockerIgnore,
): Promise<readonly TarEntry[] | undefined> {
  const list = async (folder: string): Promise<readonly TarEntry[]> => {
    const names = await readdir(join(context, folder))
    const below = await Promise.all(
      names.toSorted().map(async (name) => {
        const path = folder === '' ? name : `${folder}/${name}`
        const entry = await describe(context, path, ignore)
        if (entry?.kind !== 'directory') return entry === undefined ? [] : [entry]
        const inside = ignore.ignoresAllOf(path) ? [] : await list(path)
        // Of an ignored folder only what is taken out of that again is sent, and the folder to hold it.
        return ignore.ignores(path) && inside.length === 0 ? [] : [entry, ...inside]
      }),
    )
    return below.flat()
  }
  try {
    return await list('')
  } catch (error) {
    if (error === notSimple) return undefined
    throw error
  }
}

/** Not thrown at anybody but `listContext`. */
const notSimple = new Error('neither file nor folder nor symbolic link')

async function describe(context: string, path: string, ignore: DockerIgnore): Promise<TarEntry | undefined> {
  const found = await lstat(join(context, path))
  if (!found.isDirectory() && ignore.ignores(path)) return undefined
  const common = { path, mode: found.mode & 0o7777, modifiedAt: found.mtimeMs / 1000 }
  if (found.isDirectory()) return { ...common, kind: 'directory', size: 0 }
  if (found.isFile()) return { ...common, kind: 'file', size: found.size }
  if (!found.isSymbolicLink()) throw notSimple
  return { ...common, kind: 'link', size: 0, target: await readlink(join(context, path)) }
}

/** The same as a tar archive, which belongs to root as Docker's own does; files are read as they are sent. */
export async function* packContext(context: string, entries: readonly TarEntry[]): AsyncGenerator<Buffer> {
  let [held, size] = [[] as Buffer[], 0]
  // Small files together: each piece of its own is a call of the system's on both sides of the socket.
  for await (const part of partsOf(context, entries)) {
    held.push(part)
    size += part.length
    if (size < pieceSize) continue
    yield Buffer.concat(held)
    ;[held, size] = [[], 0]
  }
  yield Buffer.concat(held)
}

const pieceSize = 64 * 1024

async function* partsOf(context: string, entries: readonly TarEntry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield tarHeader(entry)
    if (entry.kind !== 'file' || entry.size === 0) continue
    yield* contentOf(join(context, entry.path), entry.size)
    yield tarPadding(entry.size)
  }
  yield tarEnd
}

/** Exactly as many bytes as its header tells, whoever writes to it meanwhile. */
async function* contentOf(path: string, size: number): AsyncGenerator<Buffer> {
  const file = await open(path, 'r')
  try {
    for (let left = size; left > 0;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(left, 256 * 1024)))
      if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`)
      left -= bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
