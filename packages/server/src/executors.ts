import type {
  Clock,
  Commands,
  Compose,
  Engine,
  Environment,
  Files,
  Folders,
  Git,
  Locks,
  Probe,
} from '@fairway/core'
import {
  composeCli,
  dockerEngine,
  fileLocks,
  hostCommands,
  networkProbe,
  nodeFiles,
  simpleGit,
  systemClock,
  temporaryFolders,
} from '@fairway/core/executors'

/** Everything that a deploy touches the world with. */
export interface Executors {
  readonly git: Git
  readonly compose: Compose
  readonly engine: Engine
  readonly files: Files
  readonly folders: Folders
  readonly locks: Locks
  readonly clock: Clock
  readonly probe: Probe
  readonly commands: Commands
}

/** The real ones; they see of `environment` only what their commands need. */
export function realExecutors(environment: Environment = process.env): Executors {
  return {
    git: simpleGit({ environment }),
    compose: composeCli({ environment }),
    engine: dockerEngine({ environment }),
    files: nodeFiles(),
    folders: temporaryFolders(),
    locks: fileLocks({ environment }),
    clock: systemClock(),
    probe: networkProbe(),
    commands: hostCommands({ environment }),
  }
}
