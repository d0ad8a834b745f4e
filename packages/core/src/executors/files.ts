/** Reads and removes single files of a checkout. Paths are absolute. */
export interface Files {
  /** The file's text, or undefined where there is none; of at most 1 MiB, as it comes from a repository. */
  read(path: string): Promise<string | undefined>
  exists(path: string): Promise<boolean>
  /** The path without symbolic links; a part that isn't there yet is kept as it is. */
  realPath(path: string): Promise<string>
  /** What a symbolic link says, as it says it; undefined where there is none. */
  readLink(path: string): Promise<string | undefined>
  /** Milliseconds since 1970; undefined where there is none. */
  modifiedAt(path: string): Promise<number | undefined>
  remove(path: string): Promise<void>
}
