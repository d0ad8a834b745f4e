import { createHash } from 'node:crypto'
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs'
import { join } from 'node:path'
import type { Playground } from '../support/repository.ts'

/** What lies in a folder, without its `.git`: from paths to `MODE DIGEST`, as git would see it. */
export type Walked = ReadonlyMap<string, string>

export function walk(directory: string): Walked {
  const found = new Map<string, string>()
  const visit = (folder: string): void => {
    for (const name of readdirSync(join(directory, folder))) {
      if (name === '.git') continue
      const file = folder === '' ? name : `${folder}/${name}`
      const stat = lstatSync(join(directory, file))
      if (stat.isDirectory()) visit(file)
      else found.set(file, describeFile(join(directory, file), stat))
    }
  }
  visit('')
  return found
}

function describeFile(path: string, stat: Stats): string {
  const hash = createHash('sha1').update(`blob ${stat.size}\0`)
  if (stat.isSymbolicLink()) return `120000 ${hash.update(readlinkSync(path)).digest('hex')}`
  readPieces(path, (piece) => hash.update(piece))
  return `${(stat.mode & 0o100) === 0 ? '100644' : '100755'} ${hash.digest('hex')}`
}

const piece = Buffer.alloc(65_536)

/** Starting a process copies the page tables of this one: big buffers would make every git command slower. */
function readPieces(path: string, use: (piece: Buffer) => void): void {
  const file = openSync(path, 'r')
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece))
      use(piece.subarray(0, read))
  } finally {
    closeSync(file)
  }
}

/** An entry of the index, or of a commit's tree. */
export interface Entry {
  readonly mode: string
  readonly blob: string
  /** Above 0: of a conflict. */
  readonly stage: string
}

/** All that a push may change in a checkout. */
export interface Snapshot {
  readonly files: Walked
  /** As `ls-files --stage` lists it. */
  readonly index: string
  /** What the file HEAD holds. */
  readonly head: string
  /** The commit it stands for; absent before the first. */
  readonly commit?: string
  readonly refs: string
}

export function takeSnapshot(path: string, play: Playground): Snapshot {
  const head = readFileSync(join(gitDirectory(path), 'HEAD'), 'utf8').trim()
  const refs = play.git(path, 'for-each-ref', 'refs/heads', 'refs/fairway', 'refs/tags')
  const branch = head.replace('ref: ', '')
  const commit = head === branch ? head : new RegExp(`^(\\w+) commit\t${branch}$`, 'm').exec(refs)?.[1]
  const index = play.git(path, 'ls-files', '--stage', '-z')
  return { files: walk(path), index, head, refs, ...(commit === undefined ? {} : { commit }) }
}

/** The folder `.git`, or the one that a worktree's file of that name points to. */
export function gitDirectory(path: string): string {
  const own = join(path, '.git')
  return lstatSync(own).isDirectory() ? own : readFileSync(own, 'utf8').replace('gitdir: ', '').trim()
}

/** The index or a tree by path; of a conflict the last side. */
export function readEntries(listed: string): ReadonlyMap<string, Entry> {
  const lines = listed.split('\0').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const tab = line.indexOf('\t')
      const [mode = '', ...others] = line.slice(0, tab).split(' ')
      // `MODE BLOB STAGE` in the index, `MODE blob BLOB` in a tree.
      const [blob = '', stage] = others[0] === 'blob' ? [others[1]] : [others[0], others[1]]
      return [line.slice(tab + 1), { mode, blob, stage: stage ?? '0' }]
    }),
  )
}
