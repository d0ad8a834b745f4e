import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../faults/support/app.ts'
import { type Fault, faults } from '../support/faults.ts'
import type { Work } from './in-lanes.ts'
import { deployGood, newPage } from './open-world.ts'
import { untruths } from './truth.ts'
import { servingSince, watchPages } from './watch-pages.ts'

export interface FaultFacts {
  readonly fault: string
  readonly status: string
  /** Whether the version before serves again, in all that it consists of. */
  readonly isBack: boolean
  /** Milliseconds until it served again; null where its page never went away. */
  readonly fromPushMs: number | null
  readonly fromFailureMs: number | null
}

/** The gate's own times, but for a version that never becomes healthy: nobody waits a minute for that here. */
export const faultRollout = '{ healthTimeout: 8s }'

/** `count` bad pushes, of each kind in turn, each on top of a good version that serves. */
export async function badPushes(count: number): Promise<readonly Work<FaultFacts>[]> {
  const port = await freePort()
  const kinds = faults(port)
  return Array.from({ length: count }, (_, i) => badPush(kinds[i % kinds.length] as Fault, port, i))
}

function badPush({ name, version, prepare, says }: Fault, port: number, index: number): Work<FaultFacts> {
  return {
    name: `bad push ${index}: ${name}`,
    async run(world, wrong) {
      const good = await deployGood(world)
      const mend = await onceFree(() => prepare?.(port))
      const watch = watchPages(world.ports.web)
      try {
        const { id, at } = await world.push(version(newPage(`bad: ${name}`)))
        const { status, reason, steps, endedAt } = await world.ended(id)
        const told = String(reason)
        if (status !== 'failure') wrong(`it ended as ${status}: ${told}`)
        if (!says.test(told)) wrong(`the reason is another one: ${told}`)
        const end = `rolled back to ${good.commit.slice(0, 7)}, which serves again`
        if (!told.includes(end)) wrong(`the reason does not say "${end}": ${told}`)
        const found = await untruths(world, good)
        found.forEach(wrong)
        const seen = await watch.stop()
        const since = seen.length > 1 ? servingSince(seen, [good.page]) : undefined
        const { durationMs = 0 } = steps.find((step) => step.name === 'rollBack') ?? {}
        const failedAt = Date.parse(endedAt ?? '') - Math.round(durationMs)
        return {
          fault: name,
          status,
          isBack: found.length === 0,
          fromPushMs: since === undefined ? null : since - at,
          fromFailureMs: since === undefined ? null : Math.max(0, since - failedAt),
        }
      } finally {
        await watch.stop()
        await mend?.()
      }
    },
  }
}

/** The other lane may have the port at this moment. */
async function onceFree<T>(listen: () => Promise<T> | undefined): Promise<T | undefined> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await listen()
    } catch (error) {
      if (tries === 600) throw error
      await delay(100)
    }
  }
}
