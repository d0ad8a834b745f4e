import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../../faults/support/quiet.ts'
import type { KillPhase } from './kill-plan.ts'
import type { ServedWorld } from './served-world.ts'

export type DeploymentPhase = KillPhase | 'before the gate' | 'end'
const order: readonly DeploymentPhase[] = ['before the gate', 'gate', 'rollback', 'prune', 'end']

/** A step of a deployment that ended, as its log tells. */
interface Ended {
  readonly name: string
  readonly status: string
}

/** Waits until a deployment has come to a phase or is past it. */
export function reachPhase(world: ServedWorld, id: string, phase: KillPhase): Promise<true> {
  return until(() => order.indexOf(phaseNow(world, id)) >= order.indexOf(phase), {
    within: 60_000,
    every: 4,
    describe: () => `it never came to its ${phase}:\n${world.server.lines.join('\n')}`,
  })
}

/** What a deployment is at. */
export function phaseNow(world: ServedWorld, id: string): DeploymentPhase {
  return phaseOf(steps(world, id))
}

function phaseOf(ended: readonly Ended[]): DeploymentPhase {
  const of = (name: string): string | undefined => ended.find((step) => step.name === name)?.status
  if (of('prune') || of('rollBack')) return 'end'
  if (ended.some(({ status }) => status === 'failure')) return 'rollback'
  if (of('waitHealthy')) return 'prune'
  return of('applyPlan') ? 'gate' : 'before the gate'
}

/** Those of its last attempt; each line is in the file by the time that the step has ended. */
function steps({ dataDir }: ServedWorld, id: string): readonly Ended[] {
  let text: string
  try {
    text = readFileSync(join(dataDir, 'logs', `${id}.log`), 'utf8')
  } catch {
    // Not begun yet.
    return []
  }
  const attempts = text.split(/ - Deployment [^\n]* of [^\n]*: /)
  const found = attempts.at(-1)?.matchAll(/ - (\w+): (success|failure|skipped|cancelled) \(/g) ?? []
  return [...found].map(([, name = '', status = '']) => ({ name, status }))
}
