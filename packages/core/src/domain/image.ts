/** An image of the engine. */
export interface Image {
  /** `sha256:...`. */
  readonly id: string
  /** Names with tags, such as `shop-web:latest`; none: dangling. */
  readonly names: readonly string[]
  /** Its label `fairway.build-key`. */
  readonly buildKey?: string
  /** Its label `fairway.app`. */
  readonly app?: string
  /** When it was built, RFC 3339. */
  readonly createdAt: string
}
