import { open } from 'node:fs/promises'

/** A file of the index. */
export interface Indexed {
  readonly file: string
  /** As in a tree: `0o100644`, `0o160000` (a submodule). */
  readonly mode: number
  /** By `assume-unchanged` or `skip-worktree`. */
  readonly isHidden: boolean
  /** One of several versions that are to be merged, or only about to be added. */
  readonly isUnsettled: boolean
  readonly id: string
  /** What git noted of it when it was as the index says: seconds and nanoseconds of change of state and of content, inode, user, group, size. */
  readonly noted: readonly number[]
}

/** An index with what is noted in it of the whole. */
export interface WholeIndex {
  readonly entries: readonly Indexed[]
  /** The tree that its files make, where that is noted. */
  readonly tree?: string
  /** When it was written. */
  readonly mtimeNs: bigint
}

/**
 * The files of an index (gitformat-index(5)), read without git; undefined where there is none, or where only git can tell what it
 * holds: a split or sparse one, or one of another version than 2 and 3.
 */
export async function readIndex(file: string, idBytes: number): Promise<readonly Indexed[] | undefined> {
  return (await readWholeIndex(file, idBytes))?.entries
}

/** The same, with what is noted of the whole. */
export async function readWholeIndex(file: string, idBytes: number): Promise<WholeIndex | undefined> {
  try {
    const handle = await open(file)
    try {
      const { mtimeNs } = await handle.stat({ bigint: true })
      const found = parseIndex(await handle.readFile(), idBytes)
      return found && { ...found, mtimeNs }
    } finally {
      await handle.close()
    }
  } catch (error) {
    // RangeError: it is cut off.
    const isDamaged = error instanceof RangeError
    if (isDamaged || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parseIndex(data: Buffer, idBytes: number): Omit<WholeIndex, 'mtimeNs'> | undefined {
  const version = data.readUInt32BE(4)
  if (data.toString('latin1', 0, 4) !== 'DIRC' || ![2, 3].includes(version)) return undefined
  const entries: Indexed[] = []
  let at = 12
  for (let left = data.readUInt32BE(8); left > 0; left -= 1) {
    const { entry, end } = parseEntry(data, at, idBytes)
    entries.push(entry)
    // Entries are filled up to a multiple of eight bytes, by one at least.
    at += (end - at + 8) & ~7
  }
  const extensions = parseExtensions(data.subarray(at, -idBytes))
  if (!extensions) return undefined
  const tree = rootTree(extensions.get('TREE'), idBytes)
  return { entries, ...(tree === undefined ? {} : { tree }) }
}

/** What stands at the offset of an entry: 40 bytes of stat, among them the mode, then the id, flags and the name, ended by NUL. */
function parseEntry(data: Buffer, at: number, idBytes: number): { entry: Indexed; end: number } {
  const flagsAt = at + 40 + idBytes
  const flags = data.readUInt16BE(flagsAt)
  const isExtended = (flags & 0x4000) !== 0
  const extended = isExtended ? data.readUInt16BE(flagsAt + 2) : 0
  const start = flagsAt + (isExtended ? 4 : 2)
  const end = data.indexOf(0, start)
  if (end === -1) throw new RangeError('The index is cut off')
  const word = (offset: number): number => data.readUInt32BE(at + offset)
  return {
    entry: {
      file: data.toString('utf8', start, end),
      mode: word(24),
      isHidden: (flags & 0x8000) !== 0 || (extended & 0x4000) !== 0,
      isUnsettled: (flags & 0x3000) !== 0 || (extended & 0x2000) !== 0,
      id: data.toString('hex', at + 40, flagsAt),
      // Between them stand the device, which git doesn't go by, and the mode.
      noted: [0, 4, 8, 12, 20, 28, 32, 36].map(word),
    },
    end,
  }
}

/** Extensions have a name of four letters and a length; undefined where one is among them that must be understood: it begins with a small letter. */
function parseExtensions(data: Buffer): ReadonlyMap<string, Buffer> | undefined {
  const found = new Map<string, Buffer>()
  for (let at = 0; at < data.length;) {
    const name = data.toString('latin1', at, at + 4)
    if (!/^[A-Z]/.test(name)) return undefined
    const end = at + 8 + data.readUInt32BE(at + 4)
    found.set(name, data.subarray(at + 8, end))
    at = end
  }
  return found
}

/** The first of the noted trees is the root's: an empty path and a NUL, the number of its files (-1: it isn't up to date), that of the trees in it, its id. */
function rootTree(extension: Buffer | undefined, idBytes: number): string | undefined {
  const [whole] = /^\0\d+ \d+\n/.exec(extension?.toString('latin1', 0, 64) ?? '') ?? []
  if (!extension || whole === undefined) return undefined
  return extension.toString('hex', whole.length, whole.length + idBytes)
}
