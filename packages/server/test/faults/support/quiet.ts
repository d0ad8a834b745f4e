import { setTimeout as delay } from 'node:timers/promises'
import { type DeliveryRecord, type Deployment, sqliteJournal } from '../../../src/index.ts'
import type { Answer } from './world.ts'

/** Calls `look` until it gives something; rejects with what `describe` says when that takes too long. */
export async function until<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  {
    within,
    every = 100,
    describe,
  }: { within: number; every?: number; describe: () => string | Promise<string> },
): Promise<T> {
  for (const end = performance.now() + within; performance.now() < end; await delay(every)) {
    const found = await look()
    if (found !== undefined && found !== false) return found
  }
  throw new Error(await describe())
}

export interface Journaled {
  readonly deployments: readonly Deployment[]
  readonly deliveries: readonly DeliveryRecord[]
}

/**
 * What the journal of a data directory says. Opened for each look and closed again, so that no handle but the server's is there
 * when that is killed and starts again.
 */
export async function readJournal(dataDir: string): Promise<Journaled> {
  const journal = sqliteJournal({ directory: dataDir })
  try {
    const limit = 100_000
    return {
      deployments: await journal.deployments({ limit }),
      deliveries: await journal.deliveries({ limit }),
    }
  } finally {
    await journal.close()
  }
}

/** The deployments that answered deliveries were promised: those of the answer, and those that the journal has for them. */
export function promises(
  answers: readonly Answer[],
  { deliveries }: Journaled,
): ReadonlyMap<string, readonly string[]> {
  const known = new Map(deliveries.map(({ id, deployments }) => [id, deployments]))
  return new Map(
    answers.filter(isAccepted).map(({ id, deployments }) => {
      const stored = known.get(id) ?? ['(the delivery itself)']
      return [id, [...new Set([...deployments, ...stored])]]
    }),
  )
}

export function isAccepted({ status }: Answer): boolean {
  return status !== undefined && status >= 200 && status < 300
}
