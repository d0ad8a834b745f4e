/** What the command's exit code says. */
export const exitCodes = {
  done: 0,
  /** The deployment failed or was cancelled. */
  failed: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  /** No Docker, no git, checkout or journal locked, address taken. */
  environment: 3,
  interrupted: 130,
} as const

const environmentCodes: ReadonlySet<unknown> = new Set([
  'address_unavailable',
  'docker_unavailable',
  'git_unavailable',
  'journal_unavailable',
  'locked',
])

/** The exit code of a command that ended with this error; told by name, so that nothing has to be loaded for it. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof Error)) return exitCodes.failed
  if (error.name === 'ConfigError' || error.name === 'UsageError') return exitCodes.usage
  return 'code' in error && environmentCodes.has(error.code) ? exitCodes.environment : exitCodes.failed
}

/** Something the user wrote that can't be done as written. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
