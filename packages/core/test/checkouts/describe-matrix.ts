import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliverAll, makeCell } from './cell.ts'
import { makeMatrix, type Matrix } from './matrix.ts'
import { type Branches, pushKinds } from './pushes.ts'
import type { Shape } from './shape.ts'

/** Each shape of a checkout times each kind of push: served as pushed, or refused in words with nothing lost. */
export function describeMatrix(shapes: readonly Shape[], { once }: { readonly once: boolean }): void {
  let matrix: Matrix
  const pushes = new Map<string, readonly Branches[]>()
  beforeAll(() => {
    matrix = makeMatrix()
    for (const kind of pushKinds) pushes.set(kind.name, kind.make(matrix.author, matrix.beginning))
  }, 120_000)
  afterAll(() => matrix.remove())

  // By name first: a name taken out of an object is cut short.
  describe.each(named(shapes))('%s', (_name, shape) => {
    test.concurrent.each(named(pushKinds))('%s', async (_kind, kind) => {
      const cell = makeCell(matrix, shape)
      try {
        const row = { kind, pushes: pushes.get(kind.name) ?? [], once }
        expect(await deliverAll(cell, row)).toBeGreaterThan(0)
      } finally {
        await rm(cell.place.directory, { recursive: true, force: true })
      }
    })
  })
}

function named<T extends { readonly name: string }>(all: readonly T[]): readonly (readonly [string, T])[] {
  return all.map((one) => [one.name, one])
}
