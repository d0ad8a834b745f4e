import type { ProcessId } from '@fairway/core'
import type { Tables } from '../tables.ts'

/** What every rule works with. */
export interface Rules {
  readonly tables: Tables
  readonly now: () => string
  readonly newId: () => string
  /** This process. */
  readonly owner: ProcessId
}

export function isSame(one: ProcessId, other: ProcessId): boolean {
  return one.pid === other.pid && one.startTime === other.startTime
}
