import { afterAll, beforeAll, describe, test } from 'vitest'
import { deliverAll, makeCell, makeMatrix, type Matrix } from './cell.ts'
import { type Branches, pushKinds } from './pushes.ts'
import type { Shape } from './shapes.ts'

/** Each shape of a checkout times each kind of push: served as pushed, or refused in words with nothing lost. */
export function describeMatrix(shapes: readonly Shape[]): void {
  let matrix: Matrix
  const pushes = new Map<string, readonly Branches[]>()
  beforeAll(() => {
    matrix = makeMatrix()
    for (const kind of pushKinds) pushes.set(kind.name, kind.make(matrix.author, matrix.beginning))
  })
  afterAll(() => matrix.remove())

  describe.each(shapes)('$name', (shape) => {
    test.concurrent.each(pushKinds)('$name', async (kind) => {
      await deliverAll(makeCell(matrix, shape), kind, pushes.get(kind.name) ?? [])
    })
  })
}
