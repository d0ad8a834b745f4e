/** What `fairway serve` was given. */
export interface ServeOptions {
  readonly config?: string
  readonly host?: string
  readonly port?: string
  readonly log?: 'text' | 'json'
  readonly reload?: boolean
}

/** Set for the child of `serve --reload`, which is restarted when its configuration changes: it must not follow that one too. */
export const restartedByParent = 'FAIRWAY_RESTARTED_BY_PARENT'
