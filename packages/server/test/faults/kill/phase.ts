import { setTimeout as delay } from 'node:timers/promises'
import type { ServerProcess } from '../support/server-process.ts'
import type { Phase } from './plan.ts'

/** What a server is at by the commands that run below it: the latest phase where there are several. */
export function phaseOf(commands: readonly string[]): Phase | undefined {
  const is = (pattern: RegExp): boolean => commands.some((command) => pattern.test(command))
  if (is(/compose .* up -d/)) return 'recreate'
  if (is(/compose .* build /)) return 'build'
  if (is(/^git .* checkout /)) return 'checkout'
  if (is(/^git .*\b(fetch|clone)\b/)) return 'fetch'
  return undefined
}

/** Waits until a server has come to a phase; false when it doesn't within some seconds, or is past it. */
export async function reach(server: ServerProcess, phase: Phase, within = 20_000): Promise<boolean> {
  const order: readonly (Phase | undefined)[] = [
    undefined,
    'accept',
    'fetch',
    'checkout',
    'build',
    'recreate',
  ]
  for (const end = performance.now() + within; performance.now() < end; await delay(4)) {
    const now = phaseOf(server.commands())
    if (now === phase) return true
    if (order.indexOf(now) > order.indexOf(phase)) return false
  }
  return false
}
