import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { Checkout, Git } from '../../src/executors/git.ts'
import { simpleGit } from '../../src/executors/simple-git.ts'
import type { Call } from '../../src/run.ts'
import { type Files, type Origin, type Playground, playground } from './repository.ts'

/** A playground and the real git for each test of a file. */
export interface GitBench {
  readonly play: Playground
  readonly git: Git
  /** An origin with one commit of these files, and a checkout of it. */
  readonly cloned: (files?: Files) => { readonly origin: Origin; readonly path: string }
  /** Fetches the branch and moves the checkout there, as a pull does when nothing is in the way. */
  readonly pull: (path: string, branch?: string, call?: Call) => Promise<string>
  /** What lies in the way of the branch's tip. */
  readonly inTheWay: (path: string) => Promise<readonly string[]>
  readonly status: (path: string) => string
}

/** Made at the top of a test file; the playground is made anew before each test and removed after it. */
export function gitBench(): GitBench {
  let play: Playground
  let git: Git
  beforeEach(() => {
    play = playground()
    git = simpleGit({ environment: play.environment })
  })
  afterEach(() => play.remove())
  return {
    get play() {
      return play
    },
    get git() {
      return git
    },
    cloned(files = { a: '1' }) {
      const origin = play.origin()
      origin.commit(files)
      return { origin, path: play.clone(origin) }
    },
    async pull(path, branch = 'main', call) {
      const { commit } = await git.fetch(at(path), `refs/heads/${branch}`, call)
      await git.moveTo(at(path), branch, commit, call)
      return commit
    },
    async inTheWay(path) {
      const { commit } = await git.fetch(at(path), 'refs/heads/main')
      return git.inTheWay(path, commit)
    },
    status: (path) => play.git(path, 'status', '--porcelain'),
  }
}

/** When edits are kept, and the ref that keeps them then. */
export const time = new Date('2026-01-31T12:00:00.000Z')
export const keptRef = 'refs/fairway/overwritten/20260131T120000.000Z'

export const at = (path: string): Checkout => ({ path, timeout: 30_000 })
export const text = (...names: readonly string[]): string => readFileSync(join(...names), 'utf8')
export const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined
