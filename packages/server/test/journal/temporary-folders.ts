import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolders {
  make(): string
  /** Closes it before the folders are removed. */
  close<T extends { close(): Promise<void> }>(journal: T): T
  closeAll(): Promise<void>
  /** Closes all, then removes all. */
  remove(): Promise<void>
}

/** Folders for journals, removed after each test. */
export function temporaryFolders(): TemporaryFolders {
  const folders: string[] = []
  const journals: { close(): Promise<void> }[] = []
  const closeAll = async (): Promise<void> => {
    for (const journal of journals.splice(0)) await journal.close()
  }
  return {
    closeAll,
    make() {
      const folder = mkdtempSync(join(tmpdir(), 'fairway-journal-'))
      folders.push(folder)
      return folder
    },
    close(journal) {
      journals.push(journal)
      return journal
    },
    async remove() {
      await closeAll()
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
    },
  }
}
