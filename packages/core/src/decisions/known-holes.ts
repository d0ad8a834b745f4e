import { isOlder } from './is-older.ts'

/** What is wrong with a version, and what to do about it; undefined where nothing is known. */
export type Holes = (version: string) => readonly [message: string, fix: string] | undefined

/** CVE-2025-62725 (a remote include writes outside its cache). */
export const composeHoles: Holes = (version) =>
  isOlder(version, '2.40.2')
    ? [
        `version ${version} has CVE-2025-62725 (remote includes), fixed in 2.40.2`,
        'Upgrade the Compose plugin, or deploy only repositories whose Compose files you trust',
      ]
    : undefined

/** CVE-2025-48384 (submodules that run hooks); distributions carry the fix in older versions. */
export const gitHoles: Holes = (version) =>
  isOlder(version, '2.43.7')
    ? [
        `version ${version} may have CVE-2025-48384 (fixed in 2.43.7, in Debian 12 in 2.39.5-0+deb12u3)`,
        'sudo apt-get update && sudo apt-get install --only-upgrade git',
      ]
    : undefined
