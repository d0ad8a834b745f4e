import { readFile } from 'node:fs/promises'

/** A file of the index. */
export interface Indexed {
  readonly file: string
  /** As in a tree: `0o100644`, `0o160000` (a submodule). */
  readonly mode: number
  /** By `assume-unchanged` or `skip-worktree`. */
  readonly isHidden: boolean
}

/**
 * The files of an index (gitformat-index(5)), read without git; undefined where there is none, or where only git can tell what it
 * holds: a split or sparse one, or one of another version than 2 and 3.
 */
export async function readIndex(file: string, idBytes: number): Promise<readonly Indexed[] | undefined> {
  try {
    return parseIndex(await readFile(file), idBytes)
  } catch (error) {
    // RangeError: it is cut off.
    const isDamaged = error instanceof RangeError
    if (isDamaged || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parseIndex(data: Buffer, idBytes: number): readonly Indexed[] | undefined {
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
  return hasOnlyOptional(data.subarray(at, -idBytes)) ? entries : undefined
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
  const isHidden = (flags & 0x8000) !== 0 || (extended & 0x4000) !== 0
  return {
    entry: { file: data.toString('utf8', start, end), mode: data.readUInt32BE(at + 24), isHidden },
    end,
  }
}

/** Extensions have a name of four letters and a length; what must be understood begins with a small letter. */
function hasOnlyOptional(extensions: Buffer): boolean {
  for (let at = 0; at < extensions.length; at += 8 + extensions.readUInt32BE(at + 4)) {
    if (!/^[A-Z]/.test(extensions.toString('latin1', at, at + 4))) return false
  }
  return true
}
