/** Of the keys of an env file that are Compose's or Docker's own settings: those that count, and those that don't. */
export interface OwnKeys {
  readonly read: readonly string[]
  readonly ignored: readonly string[]
}

/** Compose has them from the command line or from `composeEnvironment`, or doesn't ask an env file for them; all but these. */
const asked = [
  'COMPOSE_BAKE',
  'COMPOSE_CONVERT_WINDOWS_PATHS',
  'COMPOSE_IGNORE_ORPHANS',
  'COMPOSE_PARALLEL_LIMIT',
  'DOCKER_DEFAULT_PLATFORM',
]

/** Sorts the `COMPOSE_*` and `DOCKER_*` keys; COMPOSE_PROFILES counts as long as the app's configuration names no profiles. */
export function ownKeys(keys: readonly string[], profiles: readonly string[]): OwnKeys {
  const own = keys.filter((key) => /^(?:COMPOSE|DOCKER)_/.test(key))
  const counts = (key: string): boolean =>
    asked.includes(key) || (key === 'COMPOSE_PROFILES' && profiles.length === 0)
  return { read: own.filter(counts), ignored: own.filter((key) => !counts(key)) }
}

/** Settings of Compose that an env file could change, as Fairway wants them. */
export const composeEnvironment: Readonly<Record<string, string>> = {
  COMPOSE_ANSI: 'never',
  // The second wall: `include` and `extends` of what lies elsewhere, also where a variable hid it from the first.
  COMPOSE_EXPERIMENTAL_GIT_REMOTE: '0',
  COMPOSE_EXPERIMENTAL_OCI_REMOTE: '0',
  COMPOSE_REMOVE_ORPHANS: '0',
  COMPOSE_STATUS_STDOUT: '0',
}
