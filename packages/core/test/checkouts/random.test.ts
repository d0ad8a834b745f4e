import * as fc from 'fast-check'
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import type { Files } from '../support/repository.ts'
import { type Cell, holdToPromise, makeCell, makeMatrix, type Matrix } from './cell.ts'
import { parents } from './oracle.ts'
import { hasFolder, scribble, type Shape, shapes } from './shapes.ts'

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
const file = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'))

const content = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', '1', '2\n', '3\r\n', 'ümlaut\n') },
  fc.constant(Buffer.from([0, 255, 13, 10])),
  fc.constantFrom('a', '-x', '..', '/nonexistent').map((link) => ({ link })),
  fc.constant({ program: '#!/bin/sh\n' }),
)

/** A whole tree; where one name would be file and folder at once, the first one stays. */
const tree = fc.array(fc.tuple(file, content), { maxLength: 12 }).map((entries): Files => {
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
      readonly act: 'edit' | 'delete' | 'chmod' | 'folder' | 'stage' | 'unstage' | 'hide'
      readonly pick: number
    }

const dirt: fc.Arbitrary<Dirt> = fc.oneof(
  fc.record({ act: fc.constant('write' as const), file, content }),
  fc.record({
    act: fc.constantFrom('edit', 'delete', 'chmod', 'folder', 'stage', 'unstage', 'hide'),
    pick: fc.nat(100),
  }),
)

const push = fc.record({
  tree,
  /** On the last push's commit, or as other history. */
  from: fc.constantFrom('last', 'last', 'nothing'),
  dirt: fc.array(dirt, { maxLength: 5 }),
})

// Where line endings are converted, an edit may come back with the other kind of them: git keeps text, not bytes.
const quiet = shapes.filter(({ disturb, settings }) => !disturb && !settings)

test('whatever is pushed and whatever lies there: served as pushed, or refused in words, nothing lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...quiet),
      fc.array(push, { minLength: 5, maxLength: 5 }),
      async (shape, pushes) => deliverEach(shape, pushes),
    ),
    {
      seed: Number(process.env['FAIRWAY_SEED'] ?? 4),
      numRuns: Number(process.env['FAIRWAY_SEQUENCES'] ?? 10),
      endOnFailure: true,
    },
  )
}, 600_000)

type Pushes = readonly (typeof push extends fc.Arbitrary<infer One> ? One : never)[]

async function deliverEach(shape: Shape, pushes: Pushes): Promise<void> {
  const cell = makeCell(matrix, shape)
  let last = matrix.beginning.grown
  for (const [i, { tree: files, from, dirt: dirts }] of pushes.entries()) {
    const author = matrix.author.from(from === 'nothing' ? undefined : last)
    const gone = from === 'nothing' ? [] : [...matrix.tree(last).keys()].map((path) => [path, null] as const)
    last = author.commit({ ...Object.fromEntries(gone), ...files })
    cell.remote.publish('main', last)
    if (lstatSync(cell.path, { throwIfNoEntry: false })) for (const one of dirts) soil(cell, one)
    await holdToPromise(cell, last, `push ${i + 1} of ${pushes.length} into ${shape.name}`)
  }
}

function soil({ path, matrix: { play } }: Cell, dirt: Dirt): void {
  if (dirt.act === 'write') return scribble(path, { [dirt.file]: dirt.content ?? null })
  const tracked = play
    .git(path, 'ls-files', '-z')
    .split('\0')
    .filter((entry) => entry !== '' && hasFolder(path, entry))
  const picked = tracked[dirt.pick % tracked.length]
  if (picked === undefined) return
  const stat = lstatSync(join(path, picked), { throwIfNoEntry: false })
  const git = (...args: readonly string[]): string =>
    play.git(path, '--literal-pathspecs', ...args, '--', picked)
  switch (dirt.act) {
    case 'edit':
      return scribble(path, { [picked]: `edited ${dirt.pick}\n` })
    case 'delete':
      return rmSync(join(path, picked), { recursive: true, force: true })
    case 'chmod':
      return stat?.isFile() ? chmodSync(join(path, picked), stat.mode ^ 0o111) : undefined
    case 'folder':
      rmSync(join(path, picked), { recursive: true, force: true })
      mkdirSync(join(path, picked), { recursive: true })
      return scribble(path, dirt.pick % 2 === 0 ? {} : { [`${picked}/inside`]: 'mine\n' })
    case 'stage':
      return void (stat?.isFile() ? git('add', '--sparse', '--force') : '')
    case 'unstage':
      return void git('rm', '--cached', '--quiet', '--force', '--sparse')
    case 'hide':
      return void git('update-index', '--assume-unchanged')
  }
}
