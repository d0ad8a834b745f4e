/** What one look at the machine found. */
export interface Finding {
  /** What was looked at, such as `git` or `apps.shop`. */
  readonly check: string
  /** `blocks`: nothing can be deployed as it is. */
  readonly level: 'ok' | 'warning' | 'blocks'
  readonly message: string
  /** The command that mends it, or where there is none, what to do. */
  readonly fix?: string
}

export function ok(check: string, message: string): Finding {
  return { check, level: 'ok', message }
}

export function warning(check: string, message: string, fix?: string): Finding {
  return { check, level: 'warning', message, ...(fix === undefined ? {} : { fix }) }
}

export function blocks(check: string, message: string, fix?: string): Finding {
  return { check, level: 'blocks', message, ...(fix === undefined ? {} : { fix }) }
}

/** An executor's own words for what is wrong. */
export function fromError(check: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error)
  const hint =
    error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined
  return blocks(check, message, hint)
}
