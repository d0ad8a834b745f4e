import { randomUUID } from 'node:crypto'
import { type Good, makeServedWorld, type ServedWorld } from './served-world.ts'

/** A page that no other version has. */
export function newPage(words: string): string {
  return `${words} ${randomUUID().slice(0, 8)}`
}

/** A world with a good version that is deployed. */
export async function openWorld(rollout?: string): Promise<ServedWorld> {
  const world = await makeServedWorld(rollout === undefined ? {} : { rollout })
  try {
    world.start()
    await deployGood(world)
    return world
  } catch (error) {
    await world.close()
    throw error
  }
}

/** Deploys a version that serves; rejects where that doesn't succeed. */
export async function deployGood(world: ServedWorld): Promise<Good> {
  const page = newPage('good')
  const { status, reason, commit } = await world.deploy({ page })
  if (status !== 'success') throw new Error(`A good version ended as ${status}: ${String(reason)}`)
  world.last.good = { page, commit: commit ?? '' }
  return world.last.good
}
