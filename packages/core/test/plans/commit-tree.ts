import type { Playground } from '../support/repository.ts'
import { writeFiles } from '../support/repository.ts'
import type { Change, Texts, Tree } from './random-project.ts'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'

/** A repository that random pushes go to. */
export interface TreeOrigin {
  readonly path: string
  commit(tree: Tree): void
  /** Pushes what was committed. */
  send(): void
  /** Brings a change about as git has it: a history that is cut, a merge, or a commit. */
  change(change: Change, after: Tree): void
}

export function commitTree(place: Playground, filesOf: (tree: Tree) => Texts): TreeOrigin {
  const [path, work] = [place.path('origin.git'), place.path('work')]
  for (const folder of [path, work]) mkdirSync(folder)
  const git = (...args: readonly string[]): string => place.git(work, ...args)
  place.git(path, 'init', '--quiet', '--bare')
  git('init', '--quiet')
  const write = (tree: Tree): void => {
    for (const name of readdirSync(work)) if (name !== '.git') rmSync(`${work}/${name}`, { recursive: true })
    writeFiles(work, filesOf(tree))
    git('add', '--all', '--force')
  }
  const commit = (tree: Tree, message: string): void => {
    write(tree)
    git('commit', '--quiet', '--allow-empty', '--message', message)
  }
  const send = (): void => void git('push', '--quiet', '--force', path, 'HEAD:refs/heads/main')
  const back = (by: number): string => {
    const commits = git('rev-list', '--first-parent', 'HEAD').split('\n')
    return commits[Math.min(by, commits.length - 1)] ?? 'HEAD'
  }
  return {
    path,
    commit(tree) {
      commit(tree, 'first')
    },
    send,
    change(change, after) {
      if (change.kind === 'force') {
        git('reset', '--quiet', '--hard', back(change.by))
        commit(after, 'after a force-push')
      } else if (change.kind === 'merge') {
        const tip = git('rev-parse', 'HEAD')
        write(after)
        const tree = git('write-tree')
        const branched = git('commit-tree', tree, '-p', back(change.by), '-m', 'on a branch')
        const merged = git('commit-tree', tree, '-p', tip, '-p', branched, '-m', 'a merge')
        git('reset', '--quiet', '--hard', merged)
      } else commit(after, change.kind)
    },
  }
}
