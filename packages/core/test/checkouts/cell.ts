import { existsSync, mkdirSync } from 'node:fs'
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
import { type Entry, readEntries, type Snapshot, takeSnapshot, type Walked } from './snapshot.ts'

/** What all cells share: the commits, and what they hold. */
export interface Matrix {
  readonly play: Playground
  readonly author: Author
  readonly beginning: Beginning
  readonly objects: string
  /** What a fresh clone of a commit of the author holds. */
  fresh(commit: string, settings?: readonly string[]): Walked
  /** The tree of a commit of the author. */
  tree(commit: string): ReadonlyMap<string, Entry>
  remove(): void
}

export function makeMatrix(): Matrix {
  const play = playground()
  const author = makeAuthor(play)
  const objects = play.path('author/.git/objects')
  const remembered = <T>(make: (commit: string, settings?: readonly string[]) => T): typeof make => {
    const known = new Map<string, T>()
    return (commit, settings) => {
      const key = [commit, ...(settings ?? [])].join(' ')
      const value = known.get(key) ?? make(commit, settings)
      known.set(key, value)
      return value
    }
  }
  return {
    play,
    author,
    objects,
    beginning: makeBeginning(author),
    fresh: remembered((commit, settings) => freshlyCloned(play, objects, commit, settings)),
    tree: remembered((commit) => listTree(play, play.path('author'), commit)),
    remove: () => play.remove(),
  }
}

function listTree(play: Playground, path: string, commit: string): ReadonlyMap<string, Entry> {
  return readEntries(play.git(path, 'ls-tree', '-r', '-z', '--full-tree', commit))
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

/** Delivers every push of a kind, one after the other, and holds each to the promise. */
export async function deliverAll(cell: Cell, kind: PushKind, pushes: readonly Branches[]): Promise<void> {
  for (const [i, branches] of pushes.entries()) {
    const what = `push ${i + 1} of ${pushes.length}: ${kind.name}`
    if (existsSync(cell.path)) cell.shape.disturb?.(cell.path, cell.place)
    for (const [branch, commit] of Object.entries(branches)) cell.remote.publish(branch, commit)
    await holdToPromise(cell, branches['main'], what)
  }
}

/** One push: served exactly, or refused in words and nothing changed; in neither case is anything lost. */
export async function holdToPromise(cell: Cell, commit: string | undefined, what: string): Promise<void> {
  const { matrix, shape, path, remote, clock } = cell
  const before = existsSync(path) ? takeSnapshot(path, matrix.play.git) : undefined
  const mine = before && readBefore(cell, before)
  const own = mine ? ownFiles(cell, mine) : new Map<string, string>()
  const inTheWay = commit === undefined ? [] : conflicts(own, matrix.tree(commit))
  clock.advance(1_000)
  const delivered = await deliver(
    { environment: matrix.play.environment, clock },
    {
      path,
      ...(shape.configured === 'branch' ? { branch: 'main' } : {}),
      ...(shape.configured === 'url' ? { url: remote.path } : {}),
    },
  )
  if (commit === undefined || inTheWay.length > 0) {
    expectRefusal(delivered, commit === undefined ? 'ref_not_found' : 'would_overwrite', inTheWay, what)
    if (before) expect(takeSnapshot(path, matrix.play.git), `nothing changed by ${what}`).toEqual(before)
    return
  }
  if ('refused' in delivered) throw new Error(`${what} was refused: ${describeError(delivered.refused)}`)
  expectServed(cell, commit, own, what)
  if (mine) expectKept(cell, mine, delivered.pull.overwritten, what)
  if (before) expectCommitKept(cell, before, what)
}

function readBefore({ matrix: { play }, path, shape }: Cell, { files, index, head }: Snapshot): Before {
  const commit = head.split(' ').at(-1) ?? ''
  const isBorn = /^[0-9a-f]{40}$/.test(commit)
  const objects = play.git(path, 'rev-parse', '--path-format=absolute', '--git-path', 'objects')
  return {
    files,
    index: readEntries(index),
    head: isBorn ? listTree(play, path, commit) : new Map(),
    headFiles: isBorn ? freshlyCloned(play, objects, commit, shape.settings) : new Map(),
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
  for (const file of files) expect(refused.message, what).toContain(cleanText(file))
}

function expectServed({ matrix, shape, path }: Cell, commit: string, own: Walked, what: string): void {
  const { play } = matrix
  const tree = matrix.tree(commit)
  const sees = shape.sees ?? (() => true)
  const expected = new Map([...matrix.fresh(commit, shape.settings)].filter(([file]) => sees(file)))
  for (const [file, content] of own) if (!tree.has(file)) expected.set(file, content)
  const after = takeSnapshot(path, play.git)
  expect(sorted(after.files), `the tree after ${what}`).toEqual(sorted(expected))
  expect(after.head, what).toBe(`main ${commit}`)
  const staged = [...readEntries(after.index)].map(([file, { mode, blob }]) => [file, mode, blob])
  const listed = [...tree].map(([file, { mode, blob }]) => [file, mode, blob])
  expect(staged, `the index after ${what}`).toEqual(listed)
  expect(play.git(path, 'status', '--porcelain', '--untracked-files=no'), `status after ${what}`).toBe('')
  expect(after.refs, what).not.toContain('refs/fairway/moving')
}

function sorted(files: Walked): readonly (readonly [string, string])[] {
  return [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function expectKept(cell: Cell, before: Before, ref: string | undefined, what: string): void {
  const { matrix, shape, path } = cell
  const { play } = matrix
  const left = shape.killed ? matrix.tree(matrix.beginning.half) : undefined
  const isTheirs = (file: string): boolean => (shape.sees?.(file) ?? true) && !left?.has(file)
  const wanted = [...edits(before)].filter(([file]) => isTheirs(file))
  if (wanted.length === 0) {
    expect(ref, `no edits before ${what}`).toBeUndefined()
    return
  }
  expect(ref, `edits before ${what}`).toMatch(/^refs\/fairway\/overwritten\/2026\d{4}T\d{6}\.\d{3}Z$/)
  const objects = play.git(path, 'rev-parse', '--path-format=absolute', '--git-path', 'objects')
  const keep = play.git(path, 'rev-parse', `${ref}^{commit}`)
  const kept = freshlyCloned(play, objects, keep, shape.settings)
  expect(
    wanted.map(([file]) => [file, kept.get(file)]),
    `edits kept by ${what}`,
  ).toEqual(wanted)
  const staged = [...stagedOnly(before)].filter(([file]) => isTheirs(file))
  if (staged.length === 0) return
  const second = listTree(play, path, `${ref}^2`)
  expect(
    staged.map(([file]) => [file, second.get(file)?.blob]),
    `staged edits kept by ${what}`,
  ).toEqual(staged)
}

/** A commit that only this checkout had is still to be found. */
function expectCommitKept({ matrix: { play }, path }: Cell, { head }: Snapshot, what: string): void {
  const commit = head.split(' ').at(-1) ?? ''
  if (!/^[0-9a-f]{40}$/.test(commit)) return
  const found = play.git(path, 'log', '--walk-reflogs', '--all', '--format=%H').split('\n')
  expect(found, `the commit checked out before ${what}`).toContain(commit)
}
