import type { Files } from '../support/repository.ts'
import type { Author } from './remote.ts'

/** What every app of the matrix begins with. */
export const base: Files = {
  '.gitignore': '.env\ncache/\n*.log\n',
  '.gitattributes': '*.bat text eol=crlf\n',
  'README.md': 'Read me\n',
  'docker-compose.yml': 'services: {}\n',
  'app/main.txt': 'one\n',
  'app/lib/tool.txt': 'tool\n',
  'docs/guide.txt': 'guide\n',
  'docs/deep/er.txt': 'deeper\n',
  'run.sh': { program: '#!/bin/sh\n' },
  'win.bat': 'rem\r\n',
  link: { link: 'app/main.txt' },
  outside: { link: '/nonexistent/outside' },
  'binary.dat': Buffer.from([0, 1, 2, 255, 13, 10, 0]),
  empty: '',
  'swap-file': 'a file\n',
  'swap-folder/a': 'a\n',
  'swap-folder/b/c': 'c\n',
  'Case.txt': 'upper\n',
  'case.txt': 'lower\n',
  'with space': 'space\n',
  'line\nbreak': 'break\n',
  ümläut: 'umlauts\n',
  '-rf': 'dash\n',
  '--force/-x': 'dashes\n',
  '🚀.txt': 'rocket\n',
  'quo"te\\': 'quote\n',
  ':(glob)*': 'magic\n',
  '.hidden/.file': 'hidden\n',
}

/** What lies beside the tracked files and belongs to the operator: untracked, ignored, odd. */
export const beside: Files = {
  '.env': 'SECRET=mine\n',
  'cache/warm.bin': Buffer.from([0, 200, 10]),
  'docs/local.md': 'my notes\n',
  'notes/mine.txt': 'mine\n',
  'same/same.txt': 'the same',
  'debug.log': 'log\n',
  'my ü\nfile': 'odd\n',
  '-untracked': 'dash\n',
  'my-link': { link: '/nonexistent/mine' },
  'backup.sh': { program: '#!/bin/sh\n' },
  'vendor/.git/HEAD': 'ref: refs/heads/main\n',
  'vendor/inner': 'of a repository inside\n',
}

/** The commits that all pushes and checkouts start from. */
export interface Beginning {
  /** Has no parent. */
  readonly first: string
  /** The one after it, which is checked out in most shapes. */
  readonly grown: string
  /** Shares no history with them. */
  readonly ancient: string
  /** One that a killed move was to reach: it adds, changes and removes. */
  readonly half: string
}

export function makeBeginning(author: Author): Beginning {
  const first = author.from().commit(base)
  const grown = author.from(first).commit({ 'app/second.txt': 'second\n' })
  const ancient = author
    .from()
    .commit({ 'README.md': 'old history\n', 'gone/file': '1\n', 'app/main.txt': 'old\n' })
  const half = author.from(grown).commit({
    'app/main.txt': 'half\n',
    'half/added.txt': 'added by half\n'.repeat(20),
    'half/never.txt': 'never written\n',
    'docs/guide.txt': null,
    link: { link: 'half/added.txt' },
    'swap-folder': 'now a file\n',
  })
  return { first, grown, ancient, half }
}
