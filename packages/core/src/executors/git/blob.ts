import { createHash } from 'node:crypto'
import { lstat, readFile, readlink } from 'node:fs/promises'

/** A file as git would store it. */
export interface Stored {
  readonly content: Buffer
  readonly link: boolean
}

/** Bytes that Node reads at once. */
const most = 2 ** 31 - 1

/** What lies at a path; undefined where there is nothing, or something that git doesn't store as a file, or could hardly. */
export async function readStored(path: string | Buffer): Promise<Stored | undefined> {
  const stat = await lstatOrNothing(path)
  if (stat?.isSymbolicLink()) return { content: Buffer.from(await readlink(path)), link: true }
  return stat?.isFile() && Number(stat.size) <= most
    ? { content: await readFile(path), link: false }
    : undefined
}

export async function lstatOrNothing(
  path: string | Buffer,
): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    // ENOTDIR: a file stands where the path has a folder.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

/** What git has at a path. */
export interface Entry {
  readonly mode: string
  readonly blob: string
  readonly file: string
}

/** The output of `ls-tree -r -z`: `MODE TYPE ID`, a tab, the path. */
export function parseTree(listed: string): readonly Entry[] {
  return listed.split('\0').flatMap((line) => {
    const [mode, , blob] = line.split(/[ \t]/, 3)
    return mode && blob ? [{ mode, blob, file: line.slice(line.indexOf('\t') + 1) }] : []
  })
}

/** Whether a file has the content of an entry; computed here, as hash-object would run the checkout's filters. */
export function isSame({ content, link }: Stored, { mode, blob }: Entry): boolean {
  if (link !== (mode === '120000')) return false
  const hash = createHash(blob.length === 64 ? 'sha256' : 'sha1')
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex') === blob
}
