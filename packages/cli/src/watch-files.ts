import { type StatsListener, unwatchFile, watchFile } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Looks at files again and again. */
export interface WatchedFiles {
  /** Watches these from now on instead of the ones before. */
  watch(paths: readonly string[]): void
  /** Waits until nothing has changed for a moment, as a save may take several writes; tells one state of the files from another. */
  settled(signal: AbortSignal): Promise<string>
  close(): void
}

export interface WatchFilesOptions {
  /** Milliseconds between two looks. */
  readonly interval?: number
  /** Milliseconds without a change after which a save counts as finished. */
  readonly quiet?: number
}

/**
 * Calls `changed` when one of the files changes, comes or goes. By looking, not by events: a look follows symbolic links,
 * so it sees the swap of a folder above the file as well as an editor's rename, and there is nothing that it could run out of.
 */
export function watchFiles(
  changed: () => void,
  { interval = 1_000, quiet = 250 }: WatchFilesOptions = {},
): WatchedFiles {
  const listener: StatsListener = () => changed()
  let watched: readonly string[] = []
  const close = (): void => {
    for (const path of watched) unwatchFile(path, listener)
    watched = []
  }
  return {
    watch(paths) {
      if (paths.length === watched.length && paths.every((path, index) => path === watched[index])) return
      close()
      watched = paths
      for (const path of paths) watchFile(path, { interval, persistent: false }, listener)
    },
    async settled(signal) {
      // A file that never rests is read as it is in the end.
      let seen = await look(watched)
      for (let looks = 0; looks < 20; looks++) {
        await sleep(quiet, undefined, { signal })
        const now = await look(watched)
        if (now === seen) break
        seen = now
      }
      return seen
    },
    close,
  }
}

async function look(paths: readonly string[]): Promise<string> {
  const states = await Promise.all(paths.map(async (path) => [path, await stateOf(path)]))
  return JSON.stringify(states)
}

async function stateOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
  } catch (error) {
    // Missing or out of reach is a state too; what is wrong with it is told when it is read.
    return String(error)
  }
}
