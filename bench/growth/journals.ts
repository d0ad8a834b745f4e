import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Accepted, type SqliteJournal, sqliteJournal } from '../../packages/server/src/index.ts'

export interface JournalTime {
  readonly deliveries: number
  /** Milliseconds for 16 deliveries at once, until they are stored; of the quietest round. */
  readonly accept: number
  /** Milliseconds for the newest 50; of the quietest round. */
  readonly list: number
}

/** Calls of one round. */
const calls = 20

/** Journals of these numbers of deliveries of 1 kB, in turn; what differs by more than noise differs in the quietest rounds too. */
export async function journalTimes(
  sizes: readonly number[],
  rounds: number,
): Promise<readonly JournalTime[]> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-figures-'))
  const journals: { readonly size: number; readonly journal: SqliteJournal }[] = []
  try {
    for (const size of sizes) {
      const journal = sqliteJournal({ directory: join(folder, `${size}`) })
      journals.push({ size, journal })
      await fill(journal, size)
    }
    const best = new Map(sizes.map((size) => [size, { accept: Infinity, list: Infinity }]))
    for (let round = 0; round < rounds; round++) {
      for (const { size, journal } of journals) {
        const found = best.get(size)
        if (!found) continue
        found.accept = Math.min(found.accept, await timeOf(() => acceptSome(journal, 16)))
        found.list = Math.min(found.list, await timeOf(() => journal.deliveries({ limit: 50 })))
      }
    }
    return sizes.map((deliveries) => ({
      deliveries,
      ...(best.get(deliveries) ?? { accept: NaN, list: NaN }),
    }))
  } finally {
    for (const { journal } of journals) await journal.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function fill(journal: SqliteJournal, size: number): Promise<void> {
  for (let left = size; left > 0; left -= 2_000) await acceptSome(journal, Math.min(left, 2_000))
}

async function acceptSome(journal: SqliteJournal, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => journal.accept(delivery())))
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  for (let call = 0; call < calls; call++) await work()
  return (performance.now() - began) / calls
}

/** One that concerns no app: what is queued belongs to another measurement. */
function delivery(): Accepted {
  const body = randomBytes(512).toString('hex')
  const received = { headers: { 'content-type': 'application/json' }, body: Buffer.from(body), signedBy: [] }
  return { id: randomUUID(), event: 'push', received, skipped: 'unknown repository acme/other' }
}
