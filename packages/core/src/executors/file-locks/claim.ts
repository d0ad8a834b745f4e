import { readdirSync } from 'node:fs'
import { cleanText } from '../../text.ts'
import type { Lock } from '../locks.ts'
import { identify, type ProcessId } from '../process-group.ts'
import {
  claimsOf,
  digestOf,
  explaining,
  newName,
  type OpenRecord,
  openRecord,
  removeRecord,
  writeRecord,
} from './records.ts'

/** What a claim says about its maker, beside its pid. */
export interface Claim {
  readonly what: string
  readonly who: string
  readonly since: string
}

/** Publishes a claim, and withdraws it if another is there that isn't known to be harmless. */
export function claim(
  folder: string,
  { what, who, since }: Claim,
  harmless: ReadonlySet<string>,
): Lock | undefined {
  const digest = digestOf(what)
  const name = newName(digest)
  const withdraw = (): void => {
    for (const ending of ['json', 'held']) removeRecord(folder, `${name}.${ending}`)
  }
  // Longer than a reader takes, it would lock nobody out.
  const texts = { what: cleanText(what, 4_000), who: cleanText(who), since }
  try {
    writeRecord(folder, name, 'json', { ...identify(process.pid), ...texts })
    // No await in between: what this process claims at the same time comes wholly before or after.
    const others = claimsOf(digest, readdirSync(folder)).filter((file) => file !== `${name}.json`)
    if (others.every((file) => harmless.has(file))) {
      writeRecord(folder, name, 'held', { groups: [] })
      return holdWith(openRecord(folder, name, 'held'), withdraw)
    }
  } catch (error) {
    withdraw()
    throw error
  }
  withdraw()
  return undefined
}

function holdWith(note: OpenRecord, withdraw: () => void): Lock {
  let released = false
  let known: readonly ProcessId[] = []
  return {
    note(groups) {
      if (released) return
      // A leader that has ended meanwhile can't be identified again, yet its group may go on.
      known = groups.map((pid) => known.find((one) => one.pid === pid) ?? identify(pid))
      note.write({ groups: known })
    },
    async release() {
      if (!released) note.close()
      released = true
      await explaining('Cannot give a lock back', withdraw)
    },
  }
}
