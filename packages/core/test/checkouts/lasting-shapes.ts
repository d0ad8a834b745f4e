import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFiles } from '../support/repository.ts'
import { clone, inShop, type Place, scribble, type Shape, shop } from './shape.ts'

/** Checkouts that stay what they are, or are made so again before every push. */
export const lastingShapes: readonly Shape[] = [
  { name: 'F34: untracked and ignored files, .env among them', make: (place) => clone(place) },
  { name: 'F15: a shallow clone', make: (place) => clone(place, '--depth=1') },
  {
    name: 'F13: a dirty tree: edits, staged, hidden and not, renames, modes, links',
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
      for (const [flag, file] of hidden) {
        if (!tracked.has(file)) continue
        play.git(path, 'update-index', flag, '--', file)
        writeFiles(path, { [file]: 'a hidden edit\n' })
      }
      writeFiles(path, { 'staged/new.txt': 'new and staged\n', 'intended.txt': 'only intended\n' })
      play.git(path, 'add', '--force', 'staged/new.txt')
      play.git(path, 'add', '--force', '--intent-to-add', 'intended.txt')
    },
  },
  {
    name: 'F13: tracked files removed from the index, or replaced by folders',
    make: (place) => clone(place),
    disturb(path, { play }) {
      play.git(path, 'rm', '-r', '--cached', '--quiet', '--ignore-unmatch', 'README.md', 'app/lib')
      writeFiles(path, { 'quo"te\\': null })
      mkdirSync(join(path, 'quo"te\\'))
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
    name: 'a symbolic link to a worktree of another clone',
    configured: 'branch',
    make(place) {
      const { play, directory, remote } = place
      const [other, worktree] = [join(directory, 'other'), join(directory, 'worktree')]
      play.git(directory, 'clone', '--quiet', '--no-local', remote.path, other)
      play.git(other, 'checkout', '--quiet', '-b', 'mine')
      play.git(other, 'worktree', 'add', '--quiet', worktree, 'main')
      symlinkSync(worktree, shop(place))
    },
  },
]

/** What git was told not to look at. */
const hidden = [
  ['--skip-worktree', 'with space'],
  ['--assume-unchanged', 'empty'],
] as const

/** An old one, so that nobody waits to see whether it changes. */
function leaveLock(path: string, name: string): void {
  const lock = join(path, '.git', `${name}.lock`)
  writeFileSync(lock, '')
  utimesSync(lock, 1, 1)
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
