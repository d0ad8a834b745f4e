import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../faults/support/app.ts'
import { faults } from '../support/faults.ts'
import { phaseNow, reachPhase } from './follow-steps.ts'
import type { Work, Wrong } from './in-lanes.ts'
import { type KillPlan, planKill } from './kill-plan.ts'
import { deployGood, newPage } from './open-world.ts'
import type { Good, ServedWorld } from './served-world.ts'
import { containersOf, untruths } from './truth.ts'
import { servingSince, watchPages } from './watch-pages.ts'

export interface KillFacts {
  readonly plan: KillPlan
  /** What it was at when its end came. */
  readonly hit: string
  /** How the deployment ended. */
  readonly status: string
  /** Milliseconds from the start of the second server until a healthy version served for good. */
  readonly recoveryMs: number | null
  /** Containers that were made after it. */
  readonly replaced: number
}

export const killRollout = '{ healthTimeout: 8s, keepReleases: 1 }'

/** The server killed at random points of gate, rollback and prune. Those of `trials`. `patience`: milliseconds that recovering may take. */
export async function kills(
  seed: number,
  trials: readonly number[],
  { patience = 30_000 }: { readonly patience?: number } = {},
): Promise<readonly Work<KillFacts>[]> {
  const port = await freePort()
  // Somebody else's port, and what takes eight seconds to be decided, are no matter of being killed.
  const kinds = faults(port).filter(({ name, prepare }) => prepare === undefined && name !== 'never healthy')
  const names = kinds.map(({ name }) => name)
  return trials.map((trial) => {
    const plan = planKill(seed, trial, names)
    const fault = kinds.find(({ name }) => name === plan.fault)
    const version = (page: string) => fault?.version(page) ?? { page }
    return {
      name: `kill ${trial}: ${plan.target} at ${plan.phase} of ${plan.fault ?? 'a good push'}`,
      run: (world: ServedWorld, wrong: Wrong) => kill(plan, world, { version, wrong, patience }),
    }
  })
}

interface KillOptions {
  readonly version: (page: string) => Version
  readonly wrong: Wrong
  readonly patience: number
}
type Version = ReturnType<ReturnType<typeof faults>[number]['version']>

async function kill(
  plan: KillPlan,
  world: ServedWorld,
  { version, wrong, patience }: KillOptions,
): Promise<KillFacts> {
  const before = world.last.good ?? (await deployGood(world))
  delete world.last.good
  const page = newPage(plan.fault === undefined ? 'next' : `bad: ${plan.fault}`)
  const pushed = await world.push(version(page))
  await reachPhase(world, pushed.id, plan.phase)
  await delay(plan.delay)
  const hit = phaseNow(world, pushed.id)
  await world.server.end(plan.target)
  const containers = await containersOf(world.project)
  await delay(plan.pause)

  const restarted = Date.now()
  world.start()
  const watch = watchPages(world.ports.web)
  try {
    const { status, reason } = await world.ended(pushed.id)
    const after = { page, commit: pushed.commit }
    const serves = truth({ status, reason }, { before, after, isBad: plan.fault !== undefined })
    if (typeof serves === 'string') wrong(serves)
    else for (const what of await untruths(world, serves)) wrong(`${status}, but ${what}`)
    const replaced = (await containersOf(world.project)).filter((id) => !containers.includes(id)).length
    // A good version that is up by then is only to be found healthy.
    if (plan.fault === undefined && (hit === 'gate' || hit === 'prune') && replaced > 0) {
      wrong(`${replaced} containers of a good version were replaced once more`)
    }
    const healthy = plan.fault === undefined ? [before.page, page] : [before.page]
    const since = servingSince(await watch.stop(), healthy)
    const recoveryMs = since === undefined ? null : since - restarted
    if (recoveryMs === null) wrong('no healthy version serves')
    else if (recoveryMs > patience) wrong(`a healthy version served only after ${recoveryMs} ms`)
    world.last.good = status === 'success' ? after : before
    return { plan, hit, status, recoveryMs, replaced }
  } finally {
    await watch.stop()
  }
}

/** What must serve where a deployment says that of its end; or why its end can't be true. */
function truth(
  { status, reason }: { readonly status: string; readonly reason: string | null },
  { before, after, isBad }: { readonly before: Good; readonly after: Good; readonly isBad: boolean },
): Good | string {
  if (status === 'success') return isBad ? 'a bad version ended as success' : after
  if (!isBad) return `a good version ended as ${status}: ${String(reason)}`
  const isBack =
    status === 'failure' && reason?.includes(`rolled back to ${before.commit.slice(0, 7)}, which`)
  return isBack ? before : `a bad version ended as ${status}: ${String(reason)}`
}
