import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fakeClock, type FakeClock } from '../../src/testing/fake-clock.ts'
import { writeFiles } from '../support/repository.ts'
import { beside } from './base.ts'
import type { Matrix } from './matrix.ts'
import { holdToPromise } from './promise.ts'
import type { Branches, PushKind } from './pushes.ts'
import { makeRemote, type Remote } from './remote.ts'
import type { Place, Shape } from './shape.ts'
import type { Snapshot } from './snapshot.ts'

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

interface Row {
  readonly kind: PushKind
  readonly pushes: readonly Branches[]
  /** Ends with the first push that is served. */
  readonly once: boolean
}

/** Delivers pushes of a kind, one after the other, and holds each to the promise; gives how many were served. */
export async function deliverAll(cell: Cell, { kind, pushes, once }: Row): Promise<number> {
  let served = 0
  let last: Snapshot | undefined
  for (const [i, branches] of pushes.entries()) {
    const what = `push ${i + 1} of ${pushes.length}: ${kind.name}`
    for (const [branch, commit] of Object.entries(branches)) cell.remote.publish(branch, commit)
    if (existsSync(cell.path) && cell.shape.disturb) {
      cell.shape.disturb(cell.path, cell.place)
      last = undefined
    }
    const { isServed, after } = await holdToPromise(cell, branches['main'], what, last)
    if (isServed) served += 1
    if (isServed && once) break
    last = after
  }
  return served
}
