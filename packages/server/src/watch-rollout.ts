import type { Compose, Engine } from '@fairway/core'

/** Told when containers begin and end to be replaced: broken off in between, an app may be down for good. */
export interface Rollout {
  began(): void
  ended(): void
}

interface Replacing {
  readonly compose: Compose
  readonly engine: Engine
}

/** A Compose and an engine that tell so. */
export function watchRollout({ compose, engine }: Replacing, rollout: Rollout): Replacing {
  const watched = async (signal: AbortSignal | undefined, replace: () => Promise<void>): Promise<void> => {
    // What is cancelled already begins nothing.
    signal?.throwIfAborted()
    rollout.began()
    try {
      await replace()
    } finally {
      rollout.ended()
    }
  }
  return {
    compose: {
      ...compose,
      up: (project, options, call) => watched(call?.signal, () => compose.up(project, options, call)),
      restart: (project, services, options, call) =>
        watched(call?.signal, () => compose.restart(project, services, options, call)),
      // A migration that is broken off may leave data between two versions.
      run: (project, service, options, call) =>
        watched(call?.signal, () => compose.run(project, service, options, call)),
    },
    engine: {
      ...engine,
      removeContainers: (ids, call) => watched(call?.signal, () => engine.removeContainers(ids, call)),
    },
  }
}
