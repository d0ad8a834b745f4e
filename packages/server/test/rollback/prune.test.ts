import { expect, test } from 'vitest'
import { makeWorld } from '../support/world.ts'
import { deployAndPrune, kept } from './support/pruning.ts'

test('images of forgotten releases go, those of kept ones and of others stay', async () => {
  const world = await makeWorld({ name: `pruned${process.pid}`, app: { rollout: { keepReleases: kept } } })
  const { images } = await deployAndPrune(world, 5)
  // Two services each.
  expect(images).toEqual([2, 4, 6, 6, 6])
}, 240_000)
