/** What an image is made from, as one digest: equal keys mean equal inputs, whatever the commits were. */
export type BuildKey = KnownBuildKey | UnknownBuildKey

interface KnownBuildKey {
  /** `sha256:...`; the image's label `fairway.build-key`. */
  readonly key: string
  readonly content: BuildContent
  /** Images that it is made from and that no service of this project builds, as the Dockerfile names them. */
  readonly bases: readonly string[]
}

/** It is built each time. */
interface UnknownBuildKey {
  /** Why it can't be told: `web is built from https://..., outside the checkout`. */
  readonly unknown: string
}

/** What of the checkout goes into an image, for the sentences of a plan. Paths are relative to the checkout. */
export interface BuildContent {
  /** The build context, then additional ones; `` the top of the checkout. */
  readonly contexts: readonly string[]
  /** Absent where it stands in the Compose file, or lies outside the checkout. */
  readonly dockerfile?: string
  /** The file by which Docker leaves files out of the context. */
  readonly ignoreFile?: string
  /** Services of this project whose images it is made from: to be built before. */
  readonly services: readonly string[]
  /** Whether a file has no part in the image: outside of all contexts, or left out by the ignore file. */
  isIgnored(file: string): boolean
}
