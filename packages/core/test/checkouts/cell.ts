import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { describeError } from '../../src/errors.ts'
import { fakeClock, type FakeClock } from '../../src/testing/fake-clock.ts'
import { cleanText } from '../../src/text.ts'
import { type Playground, playground, writeFiles } from '../support/repository.ts'
import { type Beginning, beside, makeBeginning } from './base.ts'
import { type Delivered, deliver } from './deliver.ts'
import { type Before, conflicts, edits, stagedOnly, untracked } from './oracle.ts'
import type { Branches, PushKind } from './pushes.ts'
import { type Author, freshlyCloned, makeAuthor, makeRemote, type Remote } from './remote.ts'
import type { Place, Shape } from './shapes.ts'
import {
  type Entry,
  gitDirectory,
  readEntries,
  type Snapshot,
  takeSnapshot,
  type Walked,
} from './snapshot.ts'

/** What all cells share: the commits, and what they hold. */
export interface Matrix {
  readonly play: Playground
  readonly author: Author
  readonly beginning: Beginning
  /** What a fresh clone of a commit holds; `path` has the commit, absent: the author has. */
  fresh(commit: string, settings?: readonly string[], path?: string): Walked
  /** The tree of a commit. */
  tree(commit: string, path?: string): ReadonlyMap<string, Entry>
  remove(): void
}

export function makeMatrix(): Matrix {
  const play = playground()
  const author = makeAuthor(play)
  const clones = new Map<string, Walked>()
  const trees = new Map<string, ReadonlyMap<string, Entry>>()
  return {
    play,
    author,
    beginning: makeBeginning(author),
    fresh: (commit, settings = [], path = play.path('author')) =>
      remember(clones, [commit, ...settings].join(' '), () => {
        const objects = play.git(path, 'rev-parse', '--path-format=absolute', '--git-path', 'objects')
        return freshlyCloned(play, objects, commit, settings)
      }),
    tree: (commit, path = play.path('author')) =>
      remember(trees, commit, () =>
        readEntries(play.git(path, 'ls-tree', '-r', '-z', '--full-tree', commit)),
      ),
    remove: () => play.remove(),
  }
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

/** One checkout and the remote it follows. */
export interface Cell {
  readonly matrix: Matrix
  readonly shape: Shape
  readonly place: Place
  readonly remote: Remote
  readonly path: string
  readonly clock: FakeClock
}

let cells = 0

export function makeCell(matrix: Matrix, shape: Shape): Cell {
  const { play, beginning } = matrix
  const directory = play.path(`cell-${cells++}`)
  mkdirSync(directory)
  const remote = makeRemote(play, join(directory, 'remote.git'))
  remote.publish('main', beginning.grown)
  const place: Place = { play, remote, beginning, directory }
  const path = join(directory, 'shop')
  shape.make(place)
  if (!shape.alone) writeFiles(path, beside)
  return { matrix, shape, place, remote, path, clock: fakeClock() }
}

/** Delivers the pushes of a kind, one after the other, and holds each to the promise. */
export async function deliverAll(cell: Cell, kind: PushKind, pushes: readonly Branches[]): Promise<void> {
  let last: Snapshot | undefined
  for (const [i, branches] of pushes.entries()) {
    const what = `push ${i + 1} of ${pushes.length}: ${kind.name}`
    for (const [branch, commit] of Object.entries(branches)) cell.remote.publish(branch, commit)
    if (existsSync(cell.path) && cell.shape.disturb) {
      cell.shape.disturb(cell.path, cell.place)
      last = undefined
    }
    const { isServed, after } = await holdToPromise(cell, branches['main'], what, last)
    if (isServed && cell.shape.settles) return
    last = after
  }
}

interface Held {
  readonly isServed: boolean
  readonly after?: Snapshot
}

/** One push: served exactly, or refused in words and nothing changed; in neither case is anything lost. */
export async function holdToPromise(
  cell: Cell,
  commit: string | undefined,
  what: string,
  last?: Snapshot,
): Promise<Held> {
  const { matrix, path } = cell
  const look = (): Snapshot => takeSnapshot(path, matrix.play.git)
  const before = last ?? (existsSync(path) ? look() : undefined)
  const mine = before && readBefore(cell, before)
  const own = mine ? ownFiles(cell, mine) : new Map<string, string>()
  const inTheWay = commit === undefined ? [] : conflicts(own, matrix.tree(commit))
  const delivered = await deliverTo(cell)
  if (commit === undefined || inTheWay.length > 0) {
    expectRefusal(delivered, commit === undefined ? 'ref_not_found' : 'would_overwrite', inTheWay, what)
    if (before) expect(look(), `nothing changed by ${what}`).toEqual(before)
    return { isServed: false, ...(before ? { after: before } : {}) }
  }
  if ('refused' in delivered) throw new Error(`${what} was refused: ${describeError(delivered.refused)}`)
  const after = look()
  expectServed(cell, after, commit, own, what)
  if (mine) expectKept(cell, mine, delivered.pull.overwritten, what)
  if (before) expectCommitKept(cell, before, what)
  return { isServed: true, after }
}

function deliverTo({ matrix, shape, path, remote, clock }: Cell): Promise<Delivered> {
  clock.advance(1_000)
  return deliver(
    { environment: matrix.play.environment, clock },
    {
      path,
      ...(shape.configured === 'branch' ? { branch: 'main' } : {}),
      ...(shape.configured === 'url' ? { url: remote.path } : {}),
    },
  )
}

function readBefore({ matrix, path, shape }: Cell, { files, index, commit }: Snapshot): Before {
  return {
    files,
    index: readEntries(index),
    head: commit === undefined ? new Map() : matrix.tree(commit, path),
    headFiles: commit === undefined ? new Map() : matrix.fresh(commit, shape.settings, path),
  }
}

/** What a killed move left is nobody's; everything else that is untracked is the operator's. */
function ownFiles({ matrix, shape }: Cell, before: Before): Walked {
  const all = untracked(before)
  const left = shape.killed ? matrix.tree(matrix.beginning.half) : undefined
  return left ? new Map([...all].filter(([file]) => !left.has(file))) : all
}

function expectRefusal(delivered: Delivered, code: string, files: readonly string[], what: string): void {
  expect(delivered, `${what} had to be refused`).toHaveProperty('refused')
  if (!('refused' in delivered)) return
  const { refused } = delivered
  expect(refused.code, what).toBe(code)
  expect(refused.message, what).toMatch(/^Cannot /)
  expect(refused.hint, what).toBeTruthy()
  for (const file of files) expect(refused.message, what).toContain(cleanText(file, 2_000))
}

function expectServed(
  { matrix, shape }: Cell,
  after: Snapshot,
  commit: string,
  own: Walked,
  what: string,
): void {
  const tree = matrix.tree(commit)
  const sees = shape.sees ?? (() => true)
  const expected = new Map([...matrix.fresh(commit, shape.settings)].filter(([file]) => sees(file)))
  for (const [file, content] of own) if (!tree.has(file) || !sees(file)) expected.set(file, content)
  expect(sorted(after.files), `the tree after ${what}`).toEqual(sorted(expected))
  expect([after.head, after.commit], what).toEqual(['ref: refs/heads/main', commit])
  const staged = [...readEntries(after.index)].map(([file, { mode, blob }]) => [file, mode, blob])
  const listed = [...tree].map(([file, { mode, blob }]) => [file, mode, blob])
  expect(staged, `the index after ${what}`).toEqual(listed)
  expect(after.refs, what).not.toContain('refs/fairway/moving')
}

function sorted(files: Walked): readonly (readonly [string, string])[] {
  return [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function expectKept(cell: Cell, before: Before, ref: string | undefined, what: string): void {
  const { matrix, shape, path } = cell
  const left = shape.killed ? matrix.tree(matrix.beginning.half) : undefined
  const isTheirs = (file: string): boolean => (shape.sees?.(file) ?? true) && !left?.has(file)
  const wanted = [...edits(before)].filter(([file]) => isTheirs(file))
  if (wanted.length === 0) {
    expect(ref, `no edits before ${what}`).toBeUndefined()
    return
  }
  expect(ref, `edits before ${what}`).toMatch(/^refs\/fairway\/overwritten\/2026\d{4}T\d{6}\.\d{3}Z$/)
  const commit = matrix.play.git(path, 'rev-parse', ref ?? '')
  const kept = matrix.fresh(commit, shape.settings, path)
  expect(
    wanted.map(([file]) => [file, kept.get(file)]),
    `edits kept by ${what}`,
  ).toEqual(wanted)
  const staged = [...stagedOnly(before)].filter(([file]) => isTheirs(file))
  if (staged.length === 0) return
  const keptIndex = matrix.tree(matrix.play.git(path, 'rev-parse', `${ref}^2`), path)
  expect(
    staged.map(([file]) => [file, keptIndex.get(file)?.blob]),
    `staged edits kept by ${what}`,
  ).toEqual(staged)
}

/** A commit that only this checkout had is still to be found. */
function expectCommitKept({ path }: Cell, { commit }: Snapshot, what: string): void {
  if (commit === undefined) return
  const log = readFileSync(join(gitDirectory(path), 'logs/HEAD'), 'utf8')
  expect(log, `the log names the commit checked out before ${what}`).toContain(commit)
}
