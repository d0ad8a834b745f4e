/** Locks across processes, each named by what it protects. */
export interface Locks {
  /**
   * Takes the lock if it is free or its holder is dead; otherwise tells who has it. Never waits for a living holder;
   * ending what a dead one left running may take some seconds.
   */
  take(what: string, who: string): Promise<Taken | Held>
}

export interface Taken {
  readonly taken: true
  readonly lock: Lock
}

export interface Held {
  readonly taken: false
  readonly holder: Holder
}

/** A lock in one's hands; dies with this process. */
export interface Lock {
  /** Writes down the process groups that work under it: whoever takes a dead holder's lock over ends them first. */
  note(groups: readonly number[]): void
  /** Gives it back; again: changes nothing. */
  release(): Promise<void>
}

/** Who has a lock. */
export interface Holder {
  readonly pid: number
  /** What it is at, such as `fairway serve, shop`. */
  readonly who: string
  /** RFC 3339. */
  readonly since: string
}
