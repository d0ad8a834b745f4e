import { composeHoles } from '../decisions/known-holes.ts'
import type { Compose } from '../executors/compose.ts'
import type { Run } from '../run.ts'

/** By their method, which what wraps an executor shares. */
const asked = new WeakSet<Compose['version']>()

/** Warns of a Compose with a known hole, once for each executor: asking for its version is as slow as starting it. */
export async function warnOfHoles({ version }: Compose, run: Run): Promise<void> {
  if (asked.has(version)) return
  const [hole, fix] = composeHoles(await version(run)) ?? []
  asked.add(version)
  if (hole !== undefined) run.log.warn(`Docker Compose: ${hole}. ${fix}`)
}
