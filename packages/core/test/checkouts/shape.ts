import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { type Files, type Playground, writeFiles } from '../support/repository.ts'
import type { Beginning } from './base.ts'
import { parents } from './oracle.ts'
import type { Remote } from './remote.ts'

/** Where one checkout is made. */
export interface Place {
  readonly play: Playground
  readonly remote: Remote
  readonly beginning: Beginning
  /** A folder of this cell alone; the checkout is usually `directory/shop`. */
  readonly directory: string
}

/** One kind of checkout, as it may be found on a server. */
export interface Shape {
  readonly name: string
  /** Makes the checkout at `shop` of the place. */
  readonly make: (place: Place) => void
  /** What happens to it before every push. */
  readonly disturb?: (path: string, place: Place) => void
  /** Nothing untracked lies there. */
  readonly alone?: boolean
  /** What the app is configured with, beside the path; the branch is the one followed by default. */
  readonly configured?: 'branch' | 'url'
  /** Configuration that changes what a checkout holds. */
  readonly settings?: readonly string[]
  /** Whether the checkout has the file at all; absent: it has every one. */
  readonly sees?: (file: string) => boolean
  /** A move that was killed left files of this commit. */
  readonly killed?: boolean
}

/** Where the checkout is made. */
export const shop = (place: Place): string => join(place.directory, 'shop')

/** Through the transport, as from a host: a clone by path shares the remote's objects. */
export function clone(place: Place, ...options: readonly string[]): void {
  const { play, directory, remote } = place
  play.git(directory, 'clone', '--quiet', '--no-local', ...options, remote.path, shop(place))
}

/** Runs git in the checkout. */
export const inShop = (place: Place, ...args: readonly string[]): string =>
  place.play.git(shop(place), ...args)

/** Writes those files whose folders aren't files by now. */
export function scribble(path: string, files: Files): void {
  writeFiles(path, Object.fromEntries(Object.entries(files).filter(([file]) => hasFolder(path, file))))
}

/** Whether a file lies in folders, or could. */
export function hasFolder(path: string, file: string): boolean {
  return parents(file).every((parent) => {
    const stat = lstatSync(join(path, parent), { throwIfNoEntry: false })
    return stat === undefined || stat.isDirectory()
  })
}
