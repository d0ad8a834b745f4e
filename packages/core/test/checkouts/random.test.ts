import * as fc from 'fast-check'
import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Files } from '../support/repository.ts'
import { type Cell, makeCell } from './cell.ts'
import { lastingShapes } from './lasting-shapes.ts'
import { makeMatrix, type Matrix } from './matrix.ts'
import { parents } from './oracle.ts'
import { holdToPromise } from './promise.ts'
import { settlingShapes } from './settling-shapes.ts'
import { hasFolder, scribble, type Shape } from './shape.ts'

/** `pnpm test:sequences` asks for more. The seed makes a failure repeatable. */
const sequences = Number(process.env['FAIRWAY_SEQUENCES'] ?? 3)
const seed = Number(process.env['FAIRWAY_SEED'] ?? 20_261_124)

let matrix: Matrix
beforeAll(() => void (matrix = makeMatrix()))
afterAll(() => matrix.remove())

/** Short, so that the same places are files, folders and links in turn. */
const name = fc.constantFrom(
  'a',
  'A',
  'b',
  '-x',
  '--force',
  '.env',
  ' ',
  'a b',
  'é',
  'e\u0301',
  '🚀',
  '\u202egnp',
  'line\nbreak',
  'tab\t',
  '\u001b[2J',
  '"',
  '\\',
  "'",
  '*',
  '[a]',
  ':(top)',
  '!a',
  '#',
  '$(touch x)',
  '%2e',
  '~',
  'x'.repeat(60),
)
const anyFile = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'))

const content = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', '1', '2\n', '3\r\n', 'ümlaut\n') },
  fc.constant(Buffer.from([0, 255, 13, 10])),
  fc.constantFrom('a', '-x', '..', '/nonexistent').map((link) => ({ link })),
  fc.constant({ program: '#!/bin/sh\n' }),
)

/** A whole tree; where one name would be file and folder at once, the first one stays. */
const tree = fc.array(fc.tuple(anyFile, content), { maxLength: 12 }).map((entries): Files => {
  const files = new Map<string, (typeof entries)[number][1]>()
  for (const [path, what] of entries) {
    const isFolder = [...files.keys()].some((other) => parents(other).includes(path))
    if (!isFolder && !parents(path).some((parent) => files.has(parent))) files.set(path, what)
  }
  return Object.fromEntries(files)
})

/** What somebody does in the checkout between two pushes. */
type Dirt =
  | { readonly act: 'write'; readonly file: string; readonly content: Files[string] }
  | {
      readonly act: 'edit' | 'delete' | 'chmod' | 'folder' | 'stage' | 'unstage'
      readonly pick: number
    }

const anyDirt: fc.Arbitrary<Dirt> = fc.oneof(
  fc.record({ act: fc.constant('write' as const), file: anyFile, content }),
  fc.record({
    act: fc.constantFrom('edit', 'delete', 'chmod', 'folder', 'stage', 'unstage'),
    pick: fc.nat(100),
  }),
)

const push = fc.record({
  tree,
  /** On the last push's commit, or as other history. */
  from: fc.constantFrom('last', 'last', 'nothing'),
  dirt: fc.array(anyDirt, { maxLength: 5 }),
})

// Where line endings are converted, an edit may come back with the other kind of them: git keeps text, not bytes.
const quiet = [...settlingShapes, ...lastingShapes].filter((shape) => !shape.disturb && !shape.settings)

test('whatever is pushed and whatever lies there: served as pushed, or refused in words, nothing lost', async () => {
  const sequence = fc.array(push, { minLength: 5, maxLength: 5 })
  let served = 0
  const property = fc.asyncProperty(fc.constantFrom(...quiet), sequence, async (shape, pushes) => {
    served += await deliverEach(shape, pushes)
  })
  await fc.assert(property, { seed, numRuns: sequences, endOnFailure: true })
  expect(served).toBeGreaterThan(sequences)
}, 600_000)

type Pushes = readonly (typeof push extends fc.Arbitrary<infer One> ? One : never)[]

async function deliverEach(shape: Shape, pushes: Pushes): Promise<number> {
  let served = 0
  const cell = makeCell(matrix, shape)
  let last = matrix.beginning.grown
  for (const [i, { tree: files, from, dirt: dirts }] of pushes.entries()) {
    const author = matrix.author.from(from === 'nothing' ? undefined : last)
    const gone = from === 'nothing' ? [] : [...matrix.tree(last).keys()].map((path) => [path, null] as const)
    last = author.commit({ ...Object.fromEntries(gone), ...files })
    cell.remote.publish('main', last)
    if (existsSync(cell.path)) for (const one of dirts) soil(cell, one)
    const what = `push ${i + 1} of ${pushes.length} into ${shape.name}`
    if ((await holdToPromise(cell, last, what)).isServed) served += 1
  }
  return served
}

function soil({ path, matrix: { play } }: Cell, dirt: Dirt): void {
  if (dirt.act === 'write') return scribble(path, { [dirt.file]: dirt.content ?? null })
  const tracked = play.git(path, 'ls-files', '-z').split('\0')
  // What isn't there may be what a sparse checkout doesn't see.
  const there = tracked.filter((entry) => entry !== '' && hasFolder(path, entry) && lies(path, entry))
  const picked = there[dirt.pick % there.length]
  if (picked === undefined) return
  const git = (...args: readonly string[]): string =>
    play.git(path, '--literal-pathspecs', ...args, '--', picked)
  const isFile = lies(path, picked)?.isFile() === true
  switch (dirt.act) {
    case 'edit':
      return scribble(path, { [picked]: `edited ${dirt.pick}\n` })
    case 'delete':
      return rmSync(join(path, picked), { recursive: true, force: true })
    case 'chmod':
      return isFile ? chmodSync(join(path, picked), dirt.pick % 2 === 0 ? 0o755 : 0o644) : undefined
    case 'folder':
      rmSync(join(path, picked), { recursive: true, force: true })
      mkdirSync(join(path, picked), { recursive: true })
      return scribble(path, dirt.pick % 2 === 0 ? {} : { [`${picked}/inside`]: 'mine\n' })
    case 'stage':
      return isFile ? void git('add', '--sparse', '--force') : undefined
    case 'unstage':
      return void git('rm', '--cached', '--quiet', '--force', '--sparse')
  }
}

function lies(path: string, file: string): Stats | undefined {
  return lstatSync(join(path, file), { throwIfNoEntry: false })
}
