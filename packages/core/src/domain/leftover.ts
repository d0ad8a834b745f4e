/** A container that an interrupted recreate left under a temporary name and that never ran. */
export interface Leftover {
  readonly id: string
  /** Such as `0123456789ab_shop-web-1`. */
  readonly name: string
  /** The name that it was made for, where no other container has it; absent: it is in the way. */
  readonly rightful?: string
}
