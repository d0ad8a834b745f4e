import type { Holder, Locks } from '../executors/locks.ts'

/** Locks in memory. */
export interface FakeLocks extends Locks {
  /** Such as `take checkout:/srv/shop` and `release checkout:/srv/shop`, in order; a release that changes nothing isn't there. */
  readonly calls: readonly string[]
  /** What was noted, in order, such as `checkout:/srv/shop 4711 4712`. */
  readonly notes: readonly string[]
  /** From now on somebody else has the lock. */
  hold(what: string, holder?: Partial<Holder>): void
  /** That one has given it back. */
  free(what: string): void
}

const other: Holder = { pid: 123, who: 'fairway serve', since: '2026-01-31T12:00:00.000Z' }

/** Locks in memory that record what is asked of them and can be held by somebody else. */
export function fakeLocks(): FakeLocks {
  const holders = new Map<string, Holder>()
  const calls: string[] = []
  const notes: string[] = []
  return {
    calls,
    notes,
    async take(what, who) {
      calls.push(`take ${what}`)
      const holder = holders.get(what)
      if (holder) return { taken: false, holder }
      const own: Holder = { pid: process.pid, who, since: other.since }
      holders.set(what, own)
      return {
        taken: true,
        lock: {
          note(groups) {
            if (holders.get(what) === own) notes.push([what, ...groups].join(' '))
          },
          async release() {
            if (holders.get(what) !== own) return
            holders.delete(what)
            calls.push(`release ${what}`)
          },
        },
      }
    },
    hold: (what, holder = {}) => void holders.set(what, { ...other, ...holder }),
    free: (what) => void holders.delete(what),
  }
}
