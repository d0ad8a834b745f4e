import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Files, type Playground, writeFiles } from '../support/repository.ts'
import { type Walked, walk } from './snapshot.ts'

/** Makes commits, of which pushes are then chosen. */
export interface Author {
  /** Goes on from a commit; without one, from nothing. */
  from(commit?: string): Author
  /** Adds a commit; gives its SHA. */
  commit(files: Files): string
  merge(other: string): string
}

export function makeAuthor(play: Playground): Author {
  const work = play.path('author')
  mkdirSync(work)
  play.git(work, 'init', '--quiet')
  let isOrphan = false
  const author: Author = {
    from(commit) {
      if (commit !== undefined) play.git(work, 'checkout', '--quiet', '--force', '--detach', commit)
      else {
        play.git(work, 'checkout', '--quiet', '--orphan', 'orphan')
        play.git(work, 'rm', '-r', '--quiet', '--force', '--ignore-unmatch', '.')
        isOrphan = true
      }
      return author
    },
    commit(files) {
      writeFiles(work, files)
      play.git(work, 'add', '--all', '--force')
      play.git(work, 'commit', '--quiet', '--allow-empty', '--message', 'change')
      if (isOrphan) {
        play.git(work, 'checkout', '--quiet', '--detach')
        play.git(work, 'branch', '--quiet', '--delete', '--force', 'orphan')
        isOrphan = false
      }
      return play.git(work, 'rev-parse', 'HEAD')
    },
    merge(other) {
      play.git(work, 'merge', '--quiet', '--no-ff', '--message', 'merge', other)
      return play.git(work, 'rev-parse', 'HEAD')
    },
  }
  return author
}

/** A bare repository that has whatever the author made, and of its branches those that were published. */
export interface Remote {
  readonly path: string
  /** Points a branch at a commit; without one, deletes it. */
  publish(branch: string, commit: string | undefined): void
}

export function makeRemote(play: Playground, path: string): Remote {
  const put = (file: string, content: string | null): void => writeFiles(path, { [file]: content })
  put('HEAD', 'ref: refs/heads/main\n')
  put('config', '[core]\n\trepositoryformatversion = 0\n\tbare = true\n')
  put('objects/info/alternates', `${play.path('author/.git/objects')}\n`)
  mkdirSync(join(path, 'refs/heads'), { recursive: true })
  return {
    path,
    publish(branch, commit) {
      put(`refs/heads/${branch}`, commit === undefined ? null : `${commit}\n`)
    },
  }
}

/** What a fresh clone of a commit holds, under some configuration. */
export function freshlyCloned(
  play: Playground,
  objects: string,
  commit: string,
  settings: readonly string[] = [],
): Walked {
  const path = play.path(`fresh-${commit}-${process.hrtime.bigint()}`)
  writeFiles(path, {
    '.git/HEAD': 'ref: refs/heads/none\n',
    '.git/config': '[core]\n\trepositoryformatversion = 0\n\tbare = false\n',
    '.git/objects/info/alternates': `${objects}\n`,
  })
  mkdirSync(join(path, '.git/refs'))
  play.git(path, ...settings.flatMap((setting) => ['-c', setting]), 'read-tree', '-u', '--reset', commit)
  const found = walk(path)
  rmSync(path, { recursive: true, force: true })
  return found
}
