import type { Plan } from '../domain/plan.ts'
import type { DeployedState } from '../domain/state.ts'
import { keepsAll } from './keeps-all.ts'

/** Whether what is there is still the success before: nothing is replaced, and no interrupted attempt of this deployment has done so. */
export function isUnchanged({
  plan,
  basis,
}: {
  readonly plan: Plan
  readonly basis?: { readonly takenUp?: DeployedState } | undefined
}): boolean {
  return basis?.takenUp === undefined && keepsAll(plan)
}
