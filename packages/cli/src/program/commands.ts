import type { Terminal } from '../terminal.ts'

/** What every command is given, and tells. */
export interface Commands {
  readonly terminal: Terminal
  /** Sets the exit code. */
  readonly exit: (code: number) => void
  /** The options of `fairway` itself. */
  readonly shared: () => { readonly config?: string }
}
