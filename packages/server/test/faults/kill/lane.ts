import { until } from '../support/quiet.ts'
import { makeWorld, type World } from '../support/world.ts'
import type { Plan } from './plan.ts'
import { type Memory, runTrial, type TrialResult } from './trial.ts'

/** A world whose app is deployed, in which one trial follows the other. */
export interface Lane {
  run(plan: Plan): Promise<TrialResult>
  close(): Promise<void>
}

export async function openLane(): Promise<Lane> {
  const world = await makeWorld()
  const memory: Memory = { answers: [], ended: new Map(), serial: 0 }
  try {
    await deployFirst(world, memory)
  } catch (error) {
    await world.close()
    throw error
  }
  return { run: (plan) => runTrial(plan, world, memory), close: () => world.close() }
}

/** Runs one plan in a world of its own. */
export async function runAlone(plan: Plan): Promise<TrialResult> {
  const lane = await openLane()
  try {
    return await lane.run(plan)
  } finally {
    await lane.close()
  }
}

async function deployFirst(world: World, memory: Memory): Promise<void> {
  const server = world.start()
  memory.answers.push(await world.push(await world.origin.tip()))
  await until(() => world.isServed(), {
    within: 60_000,
    describe: () => `The first deploy did not come to its end:\n${server.lines.join('\n')}`,
  })
}
