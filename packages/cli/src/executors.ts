import type { Executors } from '@fairway/server'
import type { Terminal } from './terminal.ts'

/** Gives the executors, always the same: loaded at the first call, as beside a server most commands need none. */
export type Needed = () => Promise<Executors>

/** The real executors, for when they are needed. */
export function executorsFor({ environment }: Terminal): Needed {
  let executors: Promise<Executors> | undefined
  const load = async (): Promise<Executors> => {
    const { realExecutors } = await import('@fairway/server/apps')
    return realExecutors(environment)
  }
  return () => (executors ??= load())
}
