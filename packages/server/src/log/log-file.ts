import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError } from '../config/config-error.ts'
import { errorMessage } from '../config/file-error.ts'

/** Appends lines to a file; `onFailure` is told once when that stops working. Throws `ConfigError` where it can't be opened. */
export function openLogFile(path: string, onFailure: (message: string) => void): (line: string) => void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    closeSync(openSync(path, 'a'))
  } catch (error) {
    const message = `cannot open ${path} for the log: ${errorMessage(error)}; name another file, or null for the console alone`
    throw new ConfigError([{ path: 'server.logFile', message }])
  }
  let failed = false
  return (line) => {
    try {
      // Opened anew for each line, so that a rotated or deleted file is followed.
      appendFileSync(path, `${line}\n`)
    } catch (error) {
      if (failed) return
      failed = true
      onFailure(`Cannot write to the log file ${path}: ${errorMessage(error)}. The log goes on here.`)
    }
  }
}
