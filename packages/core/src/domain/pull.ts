/** The result of bringing a checkout to the tip of the followed ref. */
export interface Pull {
  /** Commit that was checked out before; absent after a clone. */
  readonly before?: string
  readonly after: string
  readonly ref: string
  /** First line of the message of `after`, and who wrote it, cleaned; absent where it has none. */
  readonly subject?: string
  readonly author?: string
  /** The ref under `refs/fairway/overwritten/` that keeps the tracked edits or the commits that this pull replaced. */
  readonly overwritten?: string
  /** What a commit message since the base asks for, the newest that says something: every service to be built, or these. */
  readonly rebuild?: 'all' | readonly string[]
}
