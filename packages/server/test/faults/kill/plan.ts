import { random } from '../../../../../scripts/fuzz/random.ts'
import type { Ending } from '../support/server-process.ts'

/** Where in a deploy the server is ended. */
export const phases = ['accept', 'fetch', 'checkout', 'build', 'recreate'] as const
export type Phase = (typeof phases)[number]

export const targets: readonly Ending[] = ['server', 'tree', 'stop']

/** One trial as data: the same plan does the same again, but for what the machine's own clock decides. */
export interface Plan {
  readonly seed: number
  readonly trial: number
  readonly phase: Phase
  readonly target: Ending
  /** Milliseconds into the phase. */
  readonly delay: number
  /** Whether the phase begins with the first answer; else where the accept is what is hit, it begins with the sending. */
  readonly answered: boolean
  /** Deliveries at once, where the accept is what is killed. */
  readonly burst: number
  /** Milliseconds after the first push at which more of them come, each with a commit of its own. */
  readonly pushes: readonly number[]
  /** Milliseconds until the server is started again. */
  readonly pause: number
}

/** How far into a phase, in milliseconds, it may still be hit. */
const spans: Readonly<Record<Phase, number>> = {
  accept: 60,
  fetch: 120,
  checkout: 250,
  build: 2_800,
  recreate: 3_500,
}

/** The plan of one trial: phases and targets in turn, the rest by chance that the seed decides. */
export function planTrial(seed: number, trial: number): Plan {
  const { below, chance } = random(seed, trial)
  const phase = phases[trial % phases.length] as Phase
  return {
    seed,
    trial,
    phase,
    target: targets[Math.floor(trial / phases.length) % targets.length] as Ending,
    delay: below(spans[phase]),
    answered: phase === 'accept' && chance(0.7),
    burst: 1 + below(20),
    pushes: Array.from({ length: below(3) }, () => below(1_500)),
    pause: below(800),
  }
}

/** Simpler plans that may fail in the same way, the simplest first. */
export function simpler(plan: Plan): readonly Plan[] {
  return [
    { ...plan, pushes: [], burst: 1, pause: 0 },
    { ...plan, pushes: [] },
    { ...plan, pushes: plan.pushes.slice(1) },
    { ...plan, burst: 1 },
    { ...plan, pause: 0 },
  ].filter((one, index, all) => {
    const text = JSON.stringify(one)
    return text !== JSON.stringify(plan) && all.findIndex((other) => JSON.stringify(other) === text) === index
  })
}
