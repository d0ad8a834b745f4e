import type { Compose } from '@fairway/core'

/** Told when containers begin and end to be replaced: broken off in between, an app may be down for good. */
export interface Rollout {
  began(): void
  ended(): void
}

/** A Compose that tells so. */
export function watchRollout(compose: Compose, rollout: Rollout): Compose {
  return {
    ...compose,
    async up(project, options, call) {
      // What is cancelled already begins nothing.
      call?.signal?.throwIfAborted()
      rollout.began()
      try {
        await compose.up(project, options, call)
      } finally {
        rollout.ended()
      }
    },
  }
}
