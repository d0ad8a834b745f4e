import type { Entry, Walked } from './snapshot.ts'

/** What of a checkout was the operator's before a push. */
export interface Before {
  readonly files: Walked
  readonly index: ReadonlyMap<string, Entry>
  /** The tree of HEAD. */
  readonly head: ReadonlyMap<string, Entry>
  /** What a fresh clone of HEAD holds. */
  readonly headFiles: Walked
}

/** The untracked files: whatever lies there and is in no index. */
export function untracked({ files, index }: Pick<Before, 'files' | 'index'>): Walked {
  return new Map([...files].filter(([file]) => !index.has(file)))
}

/** Untracked files that a commit's tree would overwrite with other content. */
export function conflicts(mine: Walked, tree: ReadonlyMap<string, Entry>): readonly string[] {
  const folders = new Set([...tree.keys()].flatMap(parents))
  return [...mine.keys()]
    .filter((file) => {
      const entry = tree.get(file)
      if (entry) return !isSame(entry, mine.get(file) ?? '')
      return folders.has(file) || parents(file).some((parent) => tree.has(parent))
    })
    .toSorted()
}

function isSame(entry: Entry, walked: string): boolean {
  const [mode, blob] = walked.split(' ')
  return blob === entry.blob && (mode === '120000') === (entry.mode === '120000')
}

export function parents(file: string): readonly string[] {
  const names = file.split('/').slice(0, -1)
  return names.map((_, i) => names.slice(0, i + 1).join('/'))
}

/**
 * Tracked edits, as they must be kept: from paths to what lies there, or undefined where it was taken away.
 * Absent files that a sparse checkout doesn't see are no edits.
 */
export function edits(
  { files, index, head, headFiles }: Before,
  sees: (file: string) => boolean,
): ReadonlyMap<string, string | undefined> {
  const tracked = new Set([...index.keys(), ...head.keys()])
  const found = new Map<string, string | undefined>()
  for (const file of tracked) {
    const lies = files.get(file)
    const staged = index.get(file)
    const committed = head.get(file)
    const isStaged =
      staged?.blob !== committed?.blob ||
      staged?.mode !== committed?.mode ||
      staged?.stage !== committed?.stage
    if (!isStaged && lies === undefined && !sees(file)) continue
    // What left the index only is untracked now: it stays where it lies.
    if (isStaged || lies !== headFiles.get(file)) found.set(file, staged ? lies : undefined)
  }
  return found
}

const emptyBlob = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'

/** What was staged and then changed again: from paths to blobs. */
export function stagedOnly({ files, index, head }: Before): ReadonlyMap<string, string> {
  return new Map(
    [...index]
      .filter(([file, { blob, stage }]) => {
        const lies = files.get(file)?.split(' ')[1]
        return stage === '0' && blob !== head.get(file)?.blob && blob !== lies && blob !== emptyBlob
      })
      .map(([file, { blob }]) => [file, blob]),
  )
}
