import type { Container } from '../../src/domain/container.ts'
import type { Image } from '../../src/domain/image.ts'
import type { Clock } from '../../src/executors/clock.ts'
import type { Compose } from '../../src/executors/compose.ts'
import type { Engine } from '../../src/executors/engine.ts'
import type { Expected } from './random-compose.ts'
import type { Round, Texts, Tree } from './random-project.ts'

/** What a history is played on: what Fairway is given, what can be done to it, and what shows afterwards. */
export interface HistoryDocker {
  readonly project: string
  readonly compose: Compose
  readonly engine: Engine
  /** Default: the time of day. */
  readonly clock?: Clock
  /** A tree's files as they are committed for it. */
  readonly filesOf: (tree: Tree) => Texts
  /** From now on this fails, once; what is at hand is `tree`. */
  readonly begin: (tree: Tree, fails: Round['fails']) => void
  /** What was built since it was last asked. */
  readonly takeBuilt: () => readonly string[]
  readonly images: () => Promise<readonly Image[]>
  readonly containers: () => Promise<readonly Container[]>
  /** Fails where a container is made from anything else. */
  readonly checkHeld: (container: Container, expected: Expected) => Promise<void>
  /** Whether an image is made from what it should be; undefined where only a container of it can tell. */
  readonly isMadeFrom: (image: string, expected: Expected) => boolean | undefined
  readonly meddle: (by: Meddling) => Promise<void>
  readonly close: () => Promise<void>
}

/** What somebody does to containers and images of a service, past Fairway. */
export interface Meddling {
  readonly kind: 'stopped' | 'removed' | 'untagged' | 'paused'
  readonly name: string
}

/** Makes it for a checkout. */
export type MakeDocker = (path: string) => HistoryDocker
