import { descendants, workingIn } from '../support/process-tree.ts'
import type { World } from '../support/world.ts'
import { phaseOf } from './phase.ts'

/**
 * Looks again and again whether two runs work on the app at once: commands of the server that is there now beside those that a
 * dead one left. Gives what stops it, and then tells what was seen.
 */
export function watchWorkers(world: World): () => readonly string[] {
  const seen = new Set<string>()
  const look = (): void => {
    const own = new Set(descendants(world.server.pid).map(({ pid }) => pid))
    const all = workingIn(world.checkout)
    const mine = phaseOf(all.filter(({ pid }) => own.has(pid)).map(({ command }) => command))
    const left = phaseOf(all.filter(({ pid }) => !own.has(pid)).map(({ command }) => command))
    if (mine && left) seen.add(`a ${mine} ran while a ${left} of the dead server still did`)
  }
  const timer = setInterval(look, 50).unref()
  return () => {
    clearInterval(timer)
    return [...seen]
  }
}
