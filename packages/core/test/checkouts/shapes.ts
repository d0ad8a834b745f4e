import { chmodSync, lstatSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Files, type Playground, writeFiles } from '../support/repository.ts'
import type { Beginning } from './base.ts'
import { parents } from './oracle.ts'
import type { Remote } from './remote.ts'

/** Where one checkout is made. */
export interface Place {
  readonly play: Playground
  readonly remote: Remote
  readonly beginning: Beginning
  /** A folder of this cell alone; the checkout is usually `directory/shop`. */
  readonly directory: string
}

/** One kind of checkout, as it may be found on a server. */
export interface Shape {
  readonly name: string
  /** Makes the checkout at `shop` of the place. */
  make(place: Place): void
  /** What happens to it before every push. */
  disturb?(path: string, place: Place): void
  /** Nothing untracked lies there. */
  readonly alone?: boolean
  /** What the app is configured with, beside the path; the branch is the one followed by default. */
  readonly configured?: 'branch' | 'url'
  /** Configuration that changes what a checkout holds. */
  readonly settings?: readonly string[]
  /** Whether the checkout has the file at all; absent: it has every one. */
  sees?(file: string): boolean
  /** The first push that is served makes it like any other checkout, so that it is the last one. */
  readonly settles?: boolean
  /** A move that was killed left files of this commit. */
  readonly killed?: boolean
}

const shop = (place: Place): string => join(place.directory, 'shop')

/** Through the transport, as from a host: a clone by path shares the remote's objects. */
function clone(place: Place, ...options: readonly string[]): void {
  const { play, directory, remote } = place
  play.git(directory, 'clone', '--quiet', '--no-local', ...options, remote.path, shop(place))
}

const inShop = (place: Place, ...args: readonly string[]): string => place.play.git(shop(place), ...args)

/** What a command may fail at, as a merge with conflicts does. */
function attempt(place: Place, ...args: readonly string[]): void {
  try {
    inShop(place, ...args)
  } catch {
    return
  }
  throw new Error(`git ${args.join(' ')} was to stop half-way`)
}

const long = 10 * 60

function leaveLock(path: string, name: string): void {
  const lock = join(path, '.git', `${name}.lock`)
  writeFileSync(lock, '')
  utimesSync(lock, Date.now() / 1_000 - long, Date.now() / 1_000 - long)
}

/** The half updated tree that a killed git leaves: some files written, one cut off, the index as it was. */
function leaveHalf(path: string, { play, beginning }: Place): void {
  play.git(path, 'fetch', '--quiet', join(play.path('author'), '.git'), beginning.half)
  play.git(path, 'update-ref', 'refs/fairway/moving', beginning.half)
  scribble(path, {
    'app/main.txt': 'half\n',
    'half/added.txt': 'added by half\n'.repeat(7),
    'docs/guide.txt': null,
    link: null,
  })
  leaveLock(path, 'index')
}

/** Writes those files whose folders aren't files by now. */
export function scribble(path: string, files: Files): void {
  writeFiles(path, Object.fromEntries(Object.entries(files).filter(([file]) => hasFolder(path, file))))
}

/** Whether a file lies in folders, or could. */
export function hasFolder(path: string, file: string): boolean {
  return parents(file).every((parent) => {
    const stat = lstatSync(join(path, parent), { throwIfNoEntry: false })
    return stat === undefined || stat.isDirectory()
  })
}

export const shapes: readonly Shape[] = [
  { name: 'a clean clone', settles: true, make: (place) => clone(place), alone: true },
  { name: 'F34: untracked and ignored files, .env among them', make: (place) => clone(place) },
  {
    name: 'F15: a detached HEAD',
    settles: true,
    make(place) {
      clone(place)
      inShop(place, 'checkout', '--quiet', '--detach')
    },
  },
  {
    name: 'another branch checked out',
    settles: true,
    configured: 'branch',
    make(place) {
      clone(place)
      inShop(place, 'checkout', '--quiet', '-b', 'feature')
      writeFiles(shop(place), { 'feature.txt': 'feature\n', 'app/main.txt': 'feature\n' })
      inShop(place, 'add', 'feature.txt', 'app')
      inShop(place, 'commit', '--quiet', '--message', 'feature')
    },
  },
  {
    name: 'F15: a branch that was made again with other history',
    settles: true,
    make(place) {
      place.remote.publish('main', place.beginning.ancient)
      clone(place)
    },
  },
  { name: 'F15: a shallow clone', make: (place) => clone(place, '--depth=1') },
  {
    name: 'F15: a repository of one commit',
    settles: true,
    make(place) {
      place.remote.publish('main', place.beginning.first)
      clone(place)
    },
  },
  {
    name: 'F14: diverged by a local commit',
    settles: true,
    make(place) {
      clone(place)
      writeFiles(shop(place), { 'local.txt': 'local\n', 'app/main.txt': 'local\n', 'fresh/deep': 'local\n' })
      inShop(place, 'add', '--all')
      inShop(place, 'commit', '--quiet', '--message', 'local')
    },
  },
  {
    name: 'F13: a dirty tree: edits, staged and not, renames, modes, links',
    make: (place) => clone(place),
    disturb(path, { play }) {
      const tracked = new Set(play.git(path, 'ls-files', '-z').split('\0'))
      const files = {
        'app/main.txt': 'my edit\n',
        'app/lib/tool.txt': 'staged\n',
        'README.md': 'staged, then edited\n',
        'docs/guide.txt': null,
        link: { link: 'my-target' },
        'swap-file': { link: 'my-target' },
        'line\nbreak': 'my edit\n',
        '-rf': 'my edit\n',
        'win.bat': 'rem mine\r\n',
      }
      writeFiles(path, Object.fromEntries(Object.entries(files).filter(([file]) => tracked.has(file))))
      const staged = ['README.md', 'app/lib/tool.txt'].filter((file) => tracked.has(file))
      if (staged.length > 0) play.git(path, 'add', '--force', '--', ...staged)
      if (tracked.has('README.md')) writeFiles(path, { 'README.md': 'edited after that\n' })
      if (tracked.has('case.txt')) play.git(path, 'mv', 'case.txt', 'moved by me.txt')
      if (tracked.has('ümläut')) chmodSync(join(path, 'ümläut'), 0o755)
      writeFiles(path, { 'staged/new.txt': 'new and staged\n', 'intended.txt': 'only intended\n' })
      play.git(path, 'add', '--force', 'staged/new.txt')
      play.git(path, 'add', '--force', '--intent-to-add', 'intended.txt')
    },
  },
  {
    name: 'F13: tracked files removed from the index, or replaced by folders and files',
    make: (place) => clone(place),
    disturb(path, { play }) {
      play.git(path, 'rm', '-r', '--cached', '--quiet', '--ignore-unmatch', 'README.md', 'app/lib')
      writeFiles(path, { '--force': { link: '/nonexistent' }, 'quo"te\\': null })
    },
  },
  {
    name: 'F13: a merge that stopped at conflicts',
    settles: true,
    make(place) {
      clone(place)
      inShop(place, 'checkout', '--quiet', '-b', 'side')
      writeFiles(shop(place), { 'app/main.txt': 'side\n', 'docs/guide.txt': null, 'side.txt': 'side\n' })
      inShop(place, 'add', '--all')
      inShop(place, 'commit', '--quiet', '--message', 'side')
      inShop(place, 'checkout', '--quiet', 'main')
      writeFiles(shop(place), { 'app/main.txt': 'main\n', 'docs/guide.txt': 'main\n' })
      inShop(place, 'commit', '--quiet', '--all', '--message', 'main')
      attempt(place, 'merge', 'side')
    },
  },
  {
    name: 'F13: a rebase that stopped at conflicts',
    settles: true,
    configured: 'branch',
    make(place) {
      clone(place)
      writeFiles(shop(place), { 'app/main.txt': 'local\n' })
      inShop(place, 'commit', '--quiet', '--all', '--message', 'local')
      inShop(place, 'branch', 'onto', 'HEAD~1')
      inShop(place, 'checkout', '--quiet', 'onto')
      writeFiles(shop(place), { 'app/main.txt': 'onto\n' })
      inShop(place, 'commit', '--quiet', '--all', '--message', 'onto')
      inShop(place, 'checkout', '--quiet', 'main')
      attempt(place, 'rebase', 'onto')
    },
  },
  {
    name: 'F4: locks of dead processes',
    make: (place) => clone(place),
    disturb(path) {
      for (const name of ['index', 'HEAD', 'refs/heads/main', 'packed-refs']) leaveLock(path, name)
    },
  },
  {
    name: 'F3: half updated when git was killed',
    killed: true,
    make: (place) => clone(place),
    disturb: leaveHalf,
  },
  { name: 'a clone of a single branch, another one', settles: true, configured: 'branch', make: cloneSingle },
  {
    name: 'a sparse checkout',
    // Everything in the top folder, and of the others only app and docs.
    sees: (file) => !file.includes('/') || /^(app|docs)\//.test(file),
    make(place) {
      clone(place)
      inShop(place, 'sparse-checkout', 'set', '--cone', 'app', 'docs')
    },
  },
  {
    name: 'edits hidden by skip-worktree and assume-unchanged',
    make: (place) => clone(place),
    disturb(path, { play }) {
      const tracked = new Set(play.git(path, 'ls-files', '-z').split('\0'))
      const hide = (flag: string, file: string, content: string): void => {
        if (!tracked.has(file)) return
        play.git(path, 'update-index', flag, '--', file)
        writeFiles(path, { [file]: content })
      }
      hide('--skip-worktree', 'app/main.txt', 'hidden edit\n')
      hide('--assume-unchanged', 'README.md', 'hidden edit\n')
      hide('--skip-worktree', 'with space', 'hidden edit\n')
    },
  },
  {
    name: 'core.autocrlf=true',
    settings: ['core.autocrlf=true'],
    make: (place) => clone(place, '--config', 'core.autocrlf=true'),
  },
  {
    name: 'unusual configuration, a split index, everything packed',
    make(place) {
      clone(place)
      const settings = {
        'core.fileMode': 'false',
        'core.ignoreCase': 'true',
        'core.splitIndex': 'true',
        'core.untrackedCache': 'true',
        'index.version': '4',
        'fetch.prune': 'true',
        'remote.origin.tagOpt': '--tags',
        'branch.autoSetupRebase': 'always',
        'status.showUntrackedFiles': 'all',
        'diff.noprefix': 'true',
      }
      for (const [key, value] of Object.entries(settings)) inShop(place, 'config', key, value)
      inShop(place, 'update-index', '--split-index')
      inShop(place, 'gc', '--quiet')
    },
  },
  {
    name: 'a worktree of another clone',
    configured: 'branch',
    make(place) {
      const { play, directory, remote } = place
      play.git(directory, 'clone', '--quiet', '--no-local', remote.path, join(directory, 'elsewhere'))
      play.git(join(directory, 'elsewhere'), 'checkout', '--quiet', '-b', 'mine')
      play.git(join(directory, 'elsewhere'), 'worktree', 'add', '--quiet', shop(place), 'main')
    },
  },
  {
    name: 'a symbolic link to the checkout',
    make(place) {
      const { play, directory, remote } = place
      play.git(directory, 'clone', '--quiet', '--no-local', remote.path, join(directory, 'real'))
      symlinkSync(join(directory, 'real'), shop(place))
    },
  },
  {
    name: 'an unborn branch: git init and a remote',
    settles: true,
    make(place) {
      mkdirSync(shop(place))
      inShop(place, 'init', '--quiet')
      inShop(place, 'remote', 'add', 'origin', place.remote.path)
    },
  },
  { name: 'nothing there yet, and a URL', settles: true, configured: 'url', alone: true, make: () => {} },
]

function cloneSingle(place: Place): void {
  place.remote.publish('other', place.beginning.ancient)
  clone(place, '--single-branch', '--branch=other')
  place.remote.publish('other', undefined)
}
