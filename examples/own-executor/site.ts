import { cp, mkdtemp, readlink, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Where a static site is served from: an executor of our own, next to Git, Files and Locks. */
export interface Site {
  /** Replaces what is served by the files of a folder, all at once. */
  publish(folder: string): Promise<void>
}

/** A site that a web server serves from `path`, which is a symbolic link to the current copy. */
export function siteAt(path: string): Site {
  return {
    async publish(folder) {
      const old = await readlink(path).catch(() => undefined)
      const copy = await mkdtemp(join(dirname(path), `${basename(path)}-`))
      await cp(folder, copy, { recursive: true, filter: (source) => basename(source) !== '.git' })
      // A rename replaces the link in one go: nobody is ever served half of each.
      await symlink(copy, `${copy}.link`)
      await rename(`${copy}.link`, path)
      if (old !== undefined) await rm(old, { recursive: true, force: true })
    },
  }
}
