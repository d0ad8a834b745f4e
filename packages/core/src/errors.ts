/** What kind of failure it was; closed, so that callers can decide by it. */
export type DeployErrorCode =
  | 'address_unavailable'
  | 'cancelled'
  | 'checkout_invalid'
  | 'checkout_missing'
  | 'compose_failed'
  | 'compose_invalid'
  | 'content_type_unsupported'
  | 'content_unsupported'
  | 'deploys_itself'
  | 'disk_full'
  | 'docker_unavailable'
  | 'files_failed'
  | 'git_failed'
  | 'git_unavailable'
  | 'held'
  | 'hook_failed'
  | 'journal_unavailable'
  | 'locked'
  | 'migration_failed'
  | 'no_release'
  | 'not_found'
  | 'path_outside_checkout'
  | 'payload_invalid'
  | 'project_name_invalid'
  | 'project_renamed'
  | 'ref_not_found'
  | 'remote_denied'
  | 'remote_not_found'
  | 'remote_unreachable'
  | 'rollback_failed'
  | 'signature_invalid'
  | 'signature_missing'
  | 'timeout'
  | 'unhealthy'
  | 'unsafe_url'
  | 'would_overwrite'

export interface DeployErrorOptions {
  /** What the reader should do now. */
  readonly hint?: string
  /** Last lines of output of what failed, oldest first. */
  readonly output?: readonly string[]
  /** The services that failed, where it can be told. */
  readonly services?: readonly string[]
  readonly cause?: unknown
}

/** An expected failure: says what failed, on what (`message`), and what to do (`hint`). */
export class DeployError extends Error {
  override readonly name = 'DeployError'
  readonly code: DeployErrorCode
  readonly hint: string | undefined
  readonly output: readonly string[]
  readonly services: readonly string[]

  constructor(code: DeployErrorCode, message: string, options: DeployErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.hint = options.hint
    this.output = options.output ?? []
    this.services = options.services ?? []
  }
}

/** Tells a `DeployError`, also one that another copy of this package made, optionally of one code. */
export function isDeployError(error: unknown, code?: DeployErrorCode): error is DeployError {
  return (
    error instanceof Error &&
    error.name === 'DeployError' &&
    (code === undefined || ('code' in error && error.code === code))
  )
}

/** The whole error as text: message, output, hint; one line each. */
export function describeError(error: unknown): string {
  if (isDeployError(error)) {
    const hint = error.hint === undefined ? [] : [error.hint]
    return [error.message, ...error.output, ...hint].join('\n')
  }
  return error instanceof Error
    ? `Unexpected: ${error.stack ?? error.message}`
    : `Unexpected: ${String(error)}`
}
