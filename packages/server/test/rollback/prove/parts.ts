import { afterBadPushes } from './after-bad-push.ts'
import { rollbacksByHand } from './by-hand.ts'
import { inLanes, type Trial, type Work } from './in-lanes.ts'
import { killRollout, kills } from './kill.ts'
import { mountTrials } from './mounts.ts'
import { openWorld } from './open-world.ts'
import { pruning, pruningRollout } from './pruning.ts'
import {
  type Row,
  rowsOfAfterwards,
  rowsOfByHand,
  rowsOfFaults,
  rowsOfKills,
  rowsOfMounts,
  rowsOfPruning,
} from './rows.ts'
import { badPushes, faultRollout } from './wrong-success.ts'

/** How much to do. */
export interface Extent {
  readonly trials: number
  readonly kills: readonly number[]
  readonly rounds: number
  readonly deploys: number
  readonly seed: number
}

export interface Doing {
  readonly isOver: () => boolean
  readonly tell: (trial: Trial<unknown>) => void
}

/** What is measured, in this order; those whose times count have the machine for themselves. */
export const parts = {
  hand: async ({ rounds }: Extent, doing: Doing) =>
    rowsOfByHand(await perform([rollbacksByHand(rounds)], doing, { lanes: 1 }), rounds),
  prune: async ({ deploys }: Extent, doing: Doing) =>
    rowsOfPruning(await perform([pruning(deploys)], doing, { lanes: 1, rollout: pruningRollout }), deploys),
  mounts: async (_: Extent, doing: Doing) => {
    const works = mountTrials()
    return rowsOfMounts(await perform(works, doing, { rollout: faultRollout }), works.length)
  },
  afterwards: async ({ trials }: Extent, doing: Doing) => {
    const works = await afterBadPushes(trials)
    return rowsOfAfterwards(await perform(works, doing, { rollout: faultRollout }), works.length)
  },
  faults: async ({ trials }: Extent, doing: Doing) =>
    rowsOfFaults(await perform(await badPushes(trials), doing, { rollout: faultRollout }), trials),
  kills: async ({ seed, kills: numbers }: Extent, doing: Doing) =>
    rowsOfKills(await perform(await kills(seed, numbers), doing, { rollout: killRollout }), numbers.length),
} satisfies Readonly<Record<string, (extent: Extent, doing: Doing) => Promise<readonly Row[]>>>

function perform<Facts>(
  works: readonly Work<Facts>[],
  doing: Doing,
  { lanes = 2, rollout }: { readonly lanes?: number; readonly rollout?: string } = {},
): Promise<readonly Trial<Facts>[]> {
  return inLanes(works, { lanes, open: () => openWorld(rollout), ...doing })
}
