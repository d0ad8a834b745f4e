import type { Action, Plan } from '@fairway/core'
import type { ContainerRecord, Left, MadeBy } from '../journal.ts'

/** A try to deploy an app, and what it set out to do. */
export interface Try {
  readonly deployment: string
  readonly delivery: string | null
  readonly plan: Plan
  /** When that was recorded. */
  readonly at: string
}

export interface NameMakersInput {
  /** The containers that are there now. */
  readonly left: readonly Left[]
  /** Those that the newest earlier record lists. */
  readonly recorded: readonly ContainerRecord[]
  /** What was tried since that record, newest first. */
  readonly tries: readonly Try[]
}

/** What made each container: what is recorded of it, else the newest try that set out to make one of its service. */
export function nameMakers({ left, recorded, tries }: NameMakersInput): readonly ContainerRecord[] {
  const known = new Map(recorded.map(({ id, madeBy }) => [id, madeBy]))
  return left.map(({ service, id, image }) => {
    const made = known.get(id)
    return { service, id, image, madeBy: made === undefined ? makerOf(service, tries) : made }
  })
}

/** What makes a container where there was none, or in the place of another one. */
const making: ReadonlySet<Action> = new Set(['build', 'pull', 'recreate', 'start'])

function makerOf(service: string, tries: readonly Try[]): MadeBy | null {
  for (const { deployment, delivery, plan, at } of tries) {
    const found = plan.services.find((planned) => planned.service === service && making.has(planned.action))
    if (found) return { deployment, delivery, commit: plan.commit, because: found.because, at }
  }
  return null
}
