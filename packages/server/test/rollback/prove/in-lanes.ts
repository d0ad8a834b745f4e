import type { ServedWorld } from './served-world.ts'

/** One try, and what came of it. */
export interface Trial<Facts> {
  readonly name: string
  /** Undefined where it could not be finished. */
  readonly facts: Facts | undefined
  /** What must not be, in words. */
  readonly violations: readonly string[]
  /** What the server said last, where something is wrong. */
  readonly log?: readonly string[]
}

/** Tells something that must not be. */
export type Wrong = (what: string) => void

export interface LanesOptions<Facts> {
  readonly lanes: number
  /** A world whose app is deployed. */
  readonly open: () => Promise<ServedWorld>
  /** No further one is begun. */
  readonly isOver: () => boolean
  /** Told of each that ended. */
  readonly tell: (trial: Trial<Facts>) => void
}

/** What to do in a world. */
export interface Work<Facts> {
  readonly name: string
  readonly run: (world: ServedWorld, wrong: Wrong) => Promise<Facts>
}

/** Gives each work to a world that is free; one in which something went wrong is replaced. Rejects where no world can be made. */
export async function inLanes<Facts>(
  works: readonly Work<Facts>[],
  { lanes, open, isOver, tell }: LanesOptions<Facts>,
): Promise<readonly Trial<Facts>[]> {
  const next = works.values()
  const trials: Trial<Facts>[] = []
  const lane = async (): Promise<void> => {
    let world: ServedWorld | undefined
    try {
      for (let one = next.next(); one.done !== true && !isOver(); one = next.next()) {
        world ??= await open()
        const trial = await tryOnce(one.value, world)
        trials.push(trial)
        tell(trial)
        if (trial.violations.length === 0) continue
        await world.close()
        world = undefined
      }
    } finally {
      await world?.close()
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(lanes, works.length) }, lane))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  return trials
}

export async function tryOnce<Facts>({ name, run }: Work<Facts>, world: ServedWorld): Promise<Trial<Facts>> {
  const violations: string[] = []
  let facts: Facts | undefined
  try {
    facts = await run(world, (what) => void violations.push(what))
  } catch (error) {
    violations.push(String(error))
  }
  const log = violations.length === 0 ? {} : { log: world.server.lines.slice(-80) }
  return { name, facts, violations, ...log }
}
