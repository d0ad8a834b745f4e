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

/** An ordinary push, which must get through whatever came before. */
const followUp: Files = { 'app/main.txt': 'afterwards\n', 'after/wards.txt': 'added afterwards\n' }

/** Pushes of one commit each, on what is checked out in most shapes; after a single one comes the ordinary one. */
function commits(name: string, ...each: readonly Files[]): PushKind {
  return {
    name,
    make(author, { grown }) {
      author.from(grown)
      const all = each.length === 1 ? [...each, followUp] : each
      return all.map((files) => ({ main: author.commit(files) }))
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
  commits('a change', {
    'app/main.txt': 'two\n',
    'with space': 'changed\n',
    'line\nbreak': 'changed\n',
    ümläut: 'changed\n',
    '-rf': 'changed\n',
    '🚀.txt': 'changed\n',
    'win.bat': 'rem changed\r\n',
    'Case.txt': 'changed\n',
  }),
  commits(
    'files added',
    { 'app/new.txt': '1\n', 'fresh/deep/file': '1\n', '-new': '1\n', 'new\nline ü': '1\n', '*': '1\n' },
    { ...many('first'), 'new.bat': 'rem\r\n', 'CASE.txt': 'third of its kind\n' },
  ),
  commits('files deleted', {
    'README.md': null,
    docs: null,
    '-rf': null,
    'case.txt': null,
    '--force': null,
    link: null,
    'win.bat': null,
  }),
  commits('renames', {
    'app/main.txt': null,
    'app/renamed.txt': 'one\n',
    docs: null,
    'manual/guide.txt': 'guide\n',
    'manual/deep/er.txt': 'deeper\n',
    'README.md': null,
    'readme.md': 'Read me\n',
    ümläut: null,
    'u\u0308mla\u0308ut': 'umlauts\n',
  }),
  commits(
    'modes changed',
    { 'run.sh': '#!/bin/sh\n', 'app/main.txt': { program: 'one\n' }, 'new.sh': { program: 'new\n' } },
    { 'run.sh': { program: '#!/bin/sh\nexit 1\n' }, 'new.sh': 'new\n' },
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
  {
    name: 'a change, then its revert',
    make(author, { grown }) {
      author.from(grown)
      return [
        { main: author.commit({ 'app/main.txt': 'wrong\n', 'docs/guide.txt': null, wrong: '1\n' }) },
        { main: author.commit({ 'app/main.txt': 'one\n', 'docs/guide.txt': 'guide\n', wrong: null }) },
      ]
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
    '.gitignore changed',
    { '.gitignore': 'app/\n*.txt\n!.env\n', 'app/main.txt': 'ignored and tracked\n' },
    { '.gitignore': null, 'app/lib': null, 'app/ignored.txt': '1\n' },
  ),
  {
    name: 'F3: what a move brought that may have been killed, then back',
    make: (_author, { grown, half }) => [{ main: half }, { main: grown }],
  },
  commits('no change at all', {}),
  commits(
    'big and binary files',
    { 'big.bin': bytes(5_000_000, 1), 'binary.dat': bytes(1_000, 2), nul: Buffer.from('a\0b\r\n') },
    { 'big.bin': bytes(5_000_000, 3), 'binary.dat': 'text now\n' },
  ),
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
        { 'main/next': undefined, main: author.from(grown).commit(followUp) },
      ]
    },
  },
]
