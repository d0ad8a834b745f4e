import { random } from '../../../../../scripts/fuzz/random.ts'
import type { Ending } from '../../faults/support/server-process.ts'

/** At what the server is killed. */
export const killPhases = ['gate', 'rollback', 'prune'] as const
export type KillPhase = (typeof killPhases)[number]

/** One trial as data. */
export interface KillPlan {
  readonly seed: number
  readonly trial: number
  readonly phase: KillPhase
  /** The server alone, or it and everything that it has started. */
  readonly target: Ending
  /** Name of what is bad with what is pushed; undefined: it is good. */
  readonly fault: string | undefined
  /** Milliseconds into the phase. */
  readonly delay: number
  /** Milliseconds until the server is started again. */
  readonly pause: number
}

/** How far into a phase, in milliseconds, it may still be hit. */
const spans: Readonly<Record<KillPhase, number>> = { gate: 3_000, rollback: 4_500, prune: 400 }

/** Those whose gate takes a second or two, so that it can be hit. */
const slow = ['crashes after 2 s', 'crash loop with restart: always']

/** Phases and targets in turn, the rest by chance that the seed decides. `faults`: names of those that there are. */
export function planKill(seed: number, trial: number, faults: readonly string[]): KillPlan {
  const { below, chance, pick } = random(seed, trial)
  const phase = killPhases[trial % killPhases.length] as KillPhase
  const isBad = phase === 'rollback' || (phase === 'gate' && chance(0.6))
  const fault = pick(phase === 'gate' ? slow : faults)
  return {
    seed,
    trial,
    phase,
    target: Math.floor(trial / killPhases.length) % 2 === 0 ? 'server' : 'tree',
    fault: isBad ? fault : undefined,
    delay: below(phase === 'gate' && isBad ? 1_800 : spans[phase]),
    pause: below(800),
  }
}
