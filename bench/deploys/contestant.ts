import type { Origin } from '../../packages/core/test/support/repository.ts'
import type { Change } from './project.ts'

/** Who brings a push to a running project: each has a repository, a checkout and a project of its own, as images are shared by content. */
export interface Contestant {
  readonly name: string
  readonly origin: Origin
  readonly firstPort: number
  /** Deploys what was pushed; resolves with the milliseconds until it is served, or until it says that it is done where nothing changes. */
  deploy(change: Change): Promise<number>
  end(): Promise<void>
}
