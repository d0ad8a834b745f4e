import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own in memory, as small as that. Needs root. */
export interface SmallDisk {
  readonly path: string
  remove(): void
}

export function smallDisk(size: string): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'fairway-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'fairway-test', path])
  return {
    path,
    remove() {
      execFileSync('umount', [path])
      rmSync(path, { recursive: true })
    },
  }
}
