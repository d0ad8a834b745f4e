import { descendants, workingIn } from '../support/process-tree.ts'
import type { World } from '../support/world.ts'
import { phaseOf } from './phase.ts'

/** Process groups that a server's commands run in; they outlive it when it is killed alone. */
export function groupsOf(server: number): ReadonlySet<number> {
  return new Set(
    descendants(server)
      .map(({ group }) => group)
      .filter((group) => group !== server),
  )
}

/**
 * Looks again and again whether two runs work on the app at once: commands in groups of a dead server beside those of the one that
 * is there now. Gives what stops it, and then tells what was seen.
 */
export function watchWorkers(world: World, dead: ReadonlySet<number>): () => readonly string[] {
  const seen = new Set<string>()
  const look = (): void => {
    const all = workingIn(world.checkout)
    const left = all.filter(({ group }) => dead.has(group)).map(({ command }) => command)
    const mine = all.filter(({ group }) => !dead.has(group)).map(({ command }) => command)
    if (phaseOf(mine) && phaseOf(left))
      seen.add(`"${mine.join('" "')}" ran while "${left.join('" "')}" still did`)
  }
  const timer = setInterval(look, 50).unref()
  return () => {
    clearInterval(timer)
    return [...seen]
  }
}
