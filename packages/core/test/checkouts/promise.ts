import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { describeError } from '../../src/errors.ts'
import { cleanText } from '../../src/text.ts'
import type { Cell } from './cell.ts'
import { type Delivered, deliver } from './deliver.ts'
import { type Before, conflicts, edits, stagedOnly, untracked } from './oracle.ts'
import { gitDirectory, readEntries, type Snapshot, takeSnapshot, type Walked } from './snapshot.ts'

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
  const look = (): Snapshot => takeSnapshot(path, matrix.play)
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
  if (mine) expectKept(cell, { ...mine, commit: before?.commit }, delivered.pull.overwritten, what)
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
  expect(refused.code, `why ${what} was refused`).toBe(code)
  expect(refused.message, `the words for ${what}`).toMatch(/^Cannot /)
  expect(refused.hint, `the hint for ${what}`).toBeTruthy()
  for (const file of files) expect(refused.message, `the list for ${what}`).toContain(cleanText(file, 2_000))
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
  expect([after.head, after.commit], `HEAD after ${what}`).toEqual(['ref: refs/heads/main', commit])
  const staged = [...readEntries(after.index)].map(([file, { mode, blob }]) => [file, mode, blob])
  const listed = [...tree].map(([file, { mode, blob }]) => [file, mode, blob])
  expect(staged, `the index after ${what}`).toEqual(listed)
  expect(after.refs, `the refs after ${what}`).not.toContain('refs/fairway/moving')
}

function sorted(files: Walked): readonly (readonly [string, string])[] {
  return [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function expectKept(
  cell: Cell,
  before: Before & { readonly commit: string | undefined },
  ref: string | undefined,
  what: string,
): void {
  const { matrix, shape, path } = cell
  const left = shape.killed ? matrix.tree(matrix.beginning.half) : undefined
  // Of a killed move is what lies there of its commit, and what is gone.
  const isTheirs = ([file, lies]: readonly [string, unknown]): boolean =>
    left === undefined || (lies !== undefined && !left.has(file))
  const wanted = [...edits(before, shape.sees ?? (() => true))].filter(isTheirs)
  if (wanted.length === 0) {
    // Commits that only the checkout has are kept, too.
    if (ref !== undefined) expect(matrix.play.git(path, 'rev-parse', ref)).toBe(before.commit)
    return
  }
  expect(ref, `edits before ${what}`).toMatch(/^refs\/fairway\/overwritten\/2026\d{4}T\d{6}\.\d{3}Z$/)
  const commit = matrix.play.git(path, 'rev-parse', ref ?? '')
  const kept = matrix.fresh(commit, shape.settings, path)
  expect(
    wanted.map(([file]) => [file, kept.get(file)]),
    `edits kept by ${what}`,
  ).toEqual(wanted)
  const staged = [...stagedOnly(before)].filter(isTheirs)
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
