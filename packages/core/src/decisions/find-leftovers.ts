import type { Container } from '../domain/container.ts'
import type { Leftover } from '../domain/leftover.ts'

/**
 * Compose recreates a container by making the new one as `<12 hex>_<name>`, then it stops and removes the old one, and renames.
 * Killed before the end, it leaves the new one, and its next `up` may fail with a conflict of names. Newest first, as given.
 */
export function findLeftovers(containers: readonly Container[]): readonly Leftover[] {
  const taken = new Set(containers.map(({ name }) => name))
  return containers.flatMap((container) => {
    const { id, name } = container
    const [, rightful] = pattern.exec(name) ?? []
    if (rightful === undefined || hasRun(container)) return []
    if (taken.has(rightful)) return [{ id, name }]
    // The old one is gone: this one alone still has the anonymous volumes that it was to take over.
    taken.add(rightful)
    return [{ id, name, rightful }]
  })
}

/** Whether a container is called like a leftover. */
export function mayBeLeftover(name: string): boolean {
  return pattern.test(name)
}

const pattern = /^[0-9a-f]{12}_(.+)$/

function hasRun({ state, startedAt }: Container): boolean {
  // The engine says the year 1 of one that was never started.
  return state !== 'created' || Date.parse(startedAt) > 0
}
