import { expect, test } from 'vitest'
import { makeWorld } from '../support/world.ts'
import { deployAndPrune, kept } from './support/pruning.ts'

test('twenty deploys leave no more images than the releases that are kept', async () => {
  const world = await makeWorld({ name: `pruned${process.pid}`, app: { rollout: { keepReleases: kept } } })
  const { images, durations, built } = await deployAndPrune(world, 20)
  const median = durations.toSorted((a, b) => a - b)[10] ?? Infinity
  console.log(
    `${built} images built; after each deploy there were ${images.join(', ')}; prune: median ${median.toFixed(0)} ms`,
  )
  expect(images.slice(kept - 1)).toEqual(Array.from({ length: 20 - kept + 1 }, () => kept * 2))
}, 600_000)
