import { composeHoles } from '../decisions/known-holes.ts'
import type { Compose } from '../executors/compose.ts'
import type { Run } from '../run.ts'

/** By their method, which what wraps an executor shares. */
const asked = new WeakSet<object>()

/** Warns of a Compose with a known hole, once for each executor: asking for its version is as slow as starting it. */
export async function warnOfHoles(compose: Compose, run: Run): Promise<void> {
  const { version } = compose as { readonly version: (this: void, call: Run) => Promise<string> }
  if (asked.has(version)) return
  const [hole, fix] = composeHoles(await version(run)) ?? []
  asked.add(version)
  if (hole !== undefined) run.log.warn(`Docker Compose: ${hole}. ${fix}`)
}
