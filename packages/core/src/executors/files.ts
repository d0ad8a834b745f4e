/** Reads and removes single files of a checkout. Paths are absolute. */
export interface Files {
  /** The file's text, or undefined where there is none; of at most 1 MiB, as it comes from a repository. */
  read(path: string): Promise<string | undefined>
  /** Digest of a regular file's content; undefined where there is none, what is there is something else, or it is larger than 16 MiB. */
  digest(path: string): Promise<string | undefined>
  exists(path: string): Promise<boolean>
  /** The path without symbolic links; a part that isn't there yet is kept as it is. */
  realPath(path: string): Promise<string>
  /** What a symbolic link says, as it says it; undefined where there is none. */
  readLink(path: string): Promise<string | undefined>
  /** Milliseconds since 1970; undefined where there is none. */
  modifiedAt(path: string): Promise<number | undefined>
  remove(path: string): Promise<void>
  /** Bytes that can still be written to the file system of a path, there yet or not. */
  freeSpace(path: string): Promise<number>
}
