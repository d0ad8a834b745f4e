import { type Playground, playground } from '../support/repository.ts'
import { type Beginning, makeBeginning } from './base.ts'
import { type Author, freshlyCloned, makeAuthor } from './remote.ts'
import { type Entry, readEntries, type Walked } from './snapshot.ts'

/** What all cells share: the commits, and what they hold. */
export interface Matrix {
  readonly play: Playground
  readonly author: Author
  readonly beginning: Beginning
  /** What a fresh clone of a commit holds; `path` has the commit, absent: the author has. */
  fresh(commit: string, settings?: readonly string[], path?: string): Walked
  /** The tree of a commit. */
  tree(commit: string, path?: string): ReadonlyMap<string, Entry>
  remove(): void
}

export function makeMatrix(): Matrix {
  const play = playground()
  const author = makeAuthor(play)
  const clones = new Map<string, Walked>()
  const trees = new Map<string, ReadonlyMap<string, Entry>>()
  return {
    play,
    author,
    beginning: makeBeginning(author),
    fresh: (commit, settings = [], path = play.path('author')) =>
      remember(clones, [commit, ...settings].join(' '), () => {
        const objects = play.git(path, 'rev-parse', '--path-format=absolute', '--git-path', 'objects')
        return freshlyCloned(play, objects, commit, settings)
      }),
    tree: (commit, path = play.path('author')) =>
      remember(trees, commit, () =>
        readEntries(play.git(path, 'ls-tree', '-r', '-z', '--full-tree', commit)),
      ),
    remove: () => play.remove(),
  }
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}
