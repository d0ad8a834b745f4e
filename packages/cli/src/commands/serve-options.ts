/** What `fairway serve` was given. */
export interface ServeOptions {
  readonly config?: string
  readonly host?: string
  readonly port?: string
  readonly log?: 'text' | 'json'
  readonly reload?: boolean
}
