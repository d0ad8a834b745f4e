import {
  type Clock,
  type Commands,
  type Compose,
  composeCli,
  dockerEngine,
  type Engine,
  type Environment,
  fileLocks,
  type Files,
  type Folders,
  type Git,
  hostCommands,
  type Locks,
  networkProbe,
  nodeFiles,
  type Probe,
  simpleGit,
  systemClock,
  temporaryFolders,
} from '@fairway/core'

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
