import type { Executors } from '@fairway/server'

/** Before anything is touched: without an engine the checkout must not move either. */
export async function checkEnvironment({ git, compose, engine }: Executors): Promise<void> {
  await Promise.all([git.version(), compose.version(), engine.version()])
}
