/** The decision which images must be built, and why. */
export interface Rebuild {
  readonly needed: boolean
  /** Names of the services to build. */
  readonly services: readonly string[]
  /** Every reason once, such as `web/index.html changed in build context web`. */
  readonly because: readonly string[]
  /** The reasons of each service to build. */
  readonly reasons: Readonly<Record<string, readonly string[]>>
  /** Digest of each service's build section, recorded after success. */
  readonly builds: Readonly<Record<string, string>>
}

/** How the operator wants images rebuilt. */
export interface RebuildRules {
  readonly mode: 'auto' | 'triggers' | 'always' | 'never'
  /** File names that force a build, matched by base name in any directory. */
  readonly triggers: readonly string[]
  /** Path in the checkout whose presence forces a build. */
  readonly triggerFile: string
  /** Milliseconds after which an image is built anew from a newer base; absent or null: never. */
  readonly refreshBase?: number | null
}
