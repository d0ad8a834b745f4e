/** Folders in which the files of a commit are looked at while the checkout stays as it is. Paths are absolute. */
export interface Folders {
  /** Makes an empty folder of this user's own; its path has no symbolic links. */
  create(): Promise<string>
  /**
   * Links what lies in `checkout` and not among the `tracked` files (relative, with `/`) into `folder`, beside what is there: a folder
   * in which nothing is tracked as one. Gives what it linked, relative.
   */
  linkBeside(checkout: string, folder: string, tracked: readonly string[]): Promise<ReadonlySet<string>>
  /** Removes a folder that it made, and follows no link of it. */
  remove(folder: string): Promise<void>
}
