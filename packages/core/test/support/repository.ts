import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Environment } from '../../src/executors/environment.ts'

/** Files of a commit: from paths to contents; `null` removes one, `{ link }` a symbolic link, `{ program }` an executable. */
export type Files = Readonly<Record<string, Content | null>>
type Content = string | Buffer | { readonly link: string } | { readonly program: string }

/** A temp folder with a HOME of its own, in which nothing of the person's git configuration counts. */
export interface Playground {
  readonly directory: string
  /** What git may be given. */
  readonly environment: Environment
  /** A path in the folder. */
  path(...names: readonly string[]): string
  /** Runs git and gives its output, without the last newline. */
  git(directory: string, ...args: readonly string[]): string
  /** A bare repository, with a working folder beside it that its commits are made in. */
  origin(name?: string): Origin
  clone(origin: Origin, name?: string, ...options: readonly string[]): string
  remove(): void
}

export interface Origin {
  /** Of the bare repository. */
  readonly path: string
  /** Adds a commit to a branch (made from the last one if it is new) and pushes it; gives its SHA. */
  commit(files: Files, branch?: string, subject?: string): string
  /** Replaces the branch's history by one commit of exactly these files. */
  rewrite(files: Files, branch?: string): string
  git(...args: readonly string[]): string
}

const identity = [
  'user.name=Ada',
  'user.email=ada@example.org',
  'init.defaultBranch=main',
  'commit.gpgSign=false',
]

export function playground(): Playground {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-git-')))
  const path = (...names: readonly string[]): string => join(directory, ...names)
  const environment = { PATH: process.env['PATH'], HOME: path('home'), GIT_CONFIG_NOSYSTEM: '1' }
  mkdirSync(path('home'))
  const git = (where: string, ...args: readonly string[]): string => {
    const settings = identity.flatMap((setting) => ['-c', setting])
    const output = execFileSync('git', [...settings, ...args], {
      cwd: where,
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return output.replace(/\n$/, '')
  }
  return {
    directory,
    environment,
    path,
    git,
    origin: (name = 'origin') => makeOrigin(path(`${name}.git`), path(`${name}-work`), git),
    clone(origin, name = 'shop', ...options) {
      git(directory, 'clone', '--quiet', ...options, origin.path, path(name))
      return path(name)
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

function makeOrigin(path: string, work: string, git: Playground['git']): Origin {
  mkdirSync(path)
  git(path, 'init', '--quiet', '--bare')
  mkdirSync(work)
  git(work, 'init', '--quiet')
  const push = (branch: string, subject = 'change'): string => {
    git(work, 'add', '--all', '--force')
    git(work, 'commit', '--quiet', '--allow-empty', '--message', subject)
    git(work, 'push', '--quiet', '--force', path, `HEAD:refs/heads/${branch}`)
    return git(work, 'rev-parse', 'HEAD')
  }
  const known = (branch: string): boolean => git(work, 'branch', '--list', branch) !== ''
  return {
    path,
    git: (...args) => git(path, ...args),
    commit(files, branch = 'main', subject = 'change') {
      if (known(branch)) git(work, 'checkout', '--quiet', branch)
      else git(work, 'checkout', '--quiet', '-b', branch)
      writeFiles(work, files)
      return push(branch, subject)
    },
    rewrite(files, branch = 'main') {
      git(work, 'checkout', '--quiet', '--orphan', 'rewritten')
      git(work, 'rm', '-r', '--quiet', '--force', '--ignore-unmatch', '.')
      writeFiles(work, files)
      const commit = push(branch)
      git(work, 'branch', '--quiet', '--move', '--force', branch)
      return commit
    },
  }
}

/** Writes, links and removes files below a folder. */
export function writeFiles(directory: string, files: Files): void {
  for (const [file, content] of Object.entries(files)) {
    const path = join(directory, file)
    rmSync(path, { recursive: true, force: true })
    if (content === null) continue
    mkdirSync(dirname(path), { recursive: true })
    if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(path, content)
    else if ('link' in content) symlinkSync(content.link, path)
    else writeFileSync(path, content.program, { mode: 0o755 })
  }
}
