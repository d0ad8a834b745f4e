import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorMessage } from '../config/file-error.ts'

/** A file that lines are added to. */
export interface Appendable {
  append(line: string): void
  /** Bytes so far. */
  size(): number
  close(): void
}

/** Opens a file of this user alone, and its folder. `onFailure` is told once what is wrong; lines that don't fit are dropped. */
export function appendable(path: string, onFailure: (why: string) => void): Appendable {
  let file: number | undefined
  let bytes = 0
  let torn = false
  let failed = false
  const attempt = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      if (!failed) onFailure(errorMessage(error))
      failed = true
    }
  }
  attempt(() => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    file = openSync(path, 'a', 0o600)
    bytes = fstatSync(file).size
  })
  return {
    append(line) {
      attempt(() => {
        if (file === undefined) return
        const text = Buffer.from(`${torn ? '\n' : ''}${line}\n`)
        const written = writeSync(file, text)
        bytes += written
        // A disk that fills up takes a part without an error.
        torn = written < text.length
        if (torn) throw new Error('No space left on the disk')
      })
    },
    size: () => bytes,
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}
