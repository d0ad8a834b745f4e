import type { Files } from '../support/repository.ts'
import { base, type Beginning } from './base.ts'
import type { Author } from './remote.ts'

/** What the remote's branches are after one push: the followed one, or whatever a push made of them. */
export type Branches = Readonly<Record<string, string | undefined>>

/** Pushes in a row, each the state of the remote's branches after it. */
export interface PushKind {
  readonly name: string
  make(author: Author, beginning: Beginning): readonly Branches[]
}

/** Pushes of one commit each, on what is checked out in most shapes. */
function commits(name: string, ...each: readonly Files[]): PushKind {
  return {
    name,
    make(author, { grown }) {
      author.from(grown)
      return each.map((files) => ({ main: author.commit(files) }))
    },
  }
}

const many = (content: string): Files =>
  Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`many/${i % 4}/${i}`, `${content} ${i}\n`]))

const bytes = (length: number, seed: number): Buffer => {
  const buffer = Buffer.alloc(length)
  for (let i = 0, state = seed; i < length; i += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    buffer.writeUInt32LE(state, i)
  }
  return buffer
}

export const pushKinds: readonly PushKind[] = [
  {
    name: 'a change, then its revert',
    make(author, { grown }) {
      const changed: Files = {
        'app/main.txt': 'two\n',
        'with space': 'changed\n',
        'line\nbreak': 'changed\n',
        ümläut: 'changed\n',
        '-rf': 'changed\n',
        '🚀.txt': 'changed\n',
        'win.bat': 'rem changed\r\n',
        'Case.txt': 'changed\n',
        'docs/guide.txt': null,
        'a wrong one': '1\n',
      }
      const reverted = Object.keys(changed).map((file) => [file, base[file] ?? null] as const)
      author.from(grown)
      return [changed, Object.fromEntries(reverted)].map((files) => ({ main: author.commit(files) }))
    },
  },
  commits(
    'files added, then others deleted',
    {
      'app/new.txt': '1\n',
      'fresh/deep/file': '1\n',
      '-new': '1\n',
      'new\nline ü': '1\n',
      '*': '1\n',
      'new.bat': 'rem\r\n',
      'CASE.txt': 'third of its kind\n',
    },
    {
      'README.md': null,
      docs: null,
      '-rf': null,
      'case.txt': null,
      '--force': null,
      link: null,
      'win.bat': null,
    },
  ),
  commits(
    'renames, then modes',
    {
      'app/main.txt': null,
      'app/renamed.txt': 'one\n',
      docs: null,
      'manual/guide.txt': 'guide\n',
      'manual/deep/er.txt': 'deeper\n',
      'README.md': null,
      'readme.md': 'Read me\n',
      ümläut: null,
      'u\u0308mla\u0308ut': 'umlauts\n',
      'again.sh': { program: '#!/bin/sh\n' },
    },
    {
      'run.sh': '#!/bin/sh\n',
      'app/renamed.txt': { program: 'one\n' },
      'again.sh': '#!/bin/sh\nexit 1\n',
      'new.sh': { program: 'new\n' },
    },
  ),
  commits(
    'symbolic links',
    {
      link: { link: 'README.md' },
      'new-link': { link: '..' },
      empty: { link: '-rf' },
      outside: 'a file now\n',
    },
    { link: 'a file now\n', empty: '', 'new-link': null, 'swap-folder': { link: 'docs' } },
  ),
  {
    name: 'a file instead of a folder, a folder instead of a file',
    make(author, { grown }) {
      author.from(grown).commit({ 'swap-file': null, 'swap-folder': null, link: null })
      const swapped = author.commit({
        'swap-file/x/y': '1\n',
        'swap-folder': 'a file\n',
        'link/now/a': '1\n',
      })
      author.commit({ 'swap-file': null, 'swap-folder': null, link: null })
      const back = author.commit({ 'swap-file': { program: 'back\n' }, 'swap-folder/a': '1\n', link: '1\n' })
      return [{ main: swapped }, { main: back }]
    },
  },
  {
    name: 'F14: a force-push of other history, then one back to an ancestor',
    make(author, { first }) {
      const other = author.from().commit({ 'README.md': 'other\n', 'gone/file': 'here\n', app: 'a file\n' })
      return [{ main: other }, { main: first }]
    },
  },
  {
    name: 'a merge, then many commits in one push',
    make(author, { first, grown }) {
      const side = author.from(first).commit({ 'side.txt': 'side\n', 'docs/guide.txt': null })
      author.from(grown).commit({ 'app/main.txt': 'ours\n' })
      const merged = author.merge(side)
      for (const content of ['a', 'b', 'c', 'd']) author.commit(many(content))
      return [{ main: merged }, { main: author.commit({ 'many/0': null }) }]
    },
  },
  commits(
    'F34: files that lie untracked in the checkout with other content',
    { '.env': 'PUSHED=1\n', 'notes/mine.txt': 'pushed\n', 'my-link': 'pushed\n', 'app/main.txt': 'two\n' },
    { '.env': null, 'my-link': null, 'debug.log/x': 'pushed\n', cache: 'a file\n' },
    { notes: null, 'debug.log': null, cache: null },
  ),
  commits(
    'files that lie untracked in the checkout with the same content',
    { 'same/same.txt': 'the same', 'my-link': { link: '/nonexistent/mine' } },
    { 'same/same.txt': 'changed', 'my-link': null },
  ),
  commits(
    'a file instead of a folder that holds untracked ones',
    { docs: null },
    { docs: 'a file\n' },
    {
      docs: null,
      'docs/guide.txt': 'again\n',
    },
  ),
  commits(
    'no change at all, then another .gitignore',
    {},
    { '.gitignore': 'app/\n*.txt\n!.env\n', 'app/main.txt': 'ignored and tracked\n' },
    { '.gitignore': null, 'app/lib': null, 'app/ignored.txt': '1\n' },
  ),
  {
    name: 'F3: what a move brought that may have been killed, then back',
    make: (_author, { grown, half }) => [{ main: half }, { main: grown }],
  },
  {
    name: 'big and binary files',
    make(author, { grown }) {
      author.from(grown)
      return [1, 2].map((seed) => ({
        main: author.commit({
          'big.bin': bytes(5_000_000, seed),
          'binary.dat': bytes(1_000, seed),
          nul: 'a\0\r\n',
        }),
      }))
    },
  },
  {
    name: 'F15: the branch deleted, then made again',
    make: (author) => [
      { main: undefined },
      { main: author.from().commit({ ...base, 'app/main.txt': 'made again\n' }) },
    ],
  },
  {
    name: 'the branch replaced by one below its name, and back',
    make(author, { grown }) {
      const below = author.from(grown).commit({ 'app/main.txt': 'below\n' })
      return [
        { main: undefined, 'main/next': below },
        { 'main/next': undefined, main: author.from(grown).commit({ 'app/main.txt': 'back\n' }) },
      ]
    },
  },
]
