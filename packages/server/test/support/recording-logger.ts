import type { ServerLogger } from '../../src/log/create-logger.ts'

/** A logger that keeps its lines as `LEVEL message`. */
export function recordingLogger(): ServerLogger & { readonly lines: string[] } {
  const lines: string[] = []
  const record = (level: string) => (message: string) => void lines.push(`${level} ${message}`)
  return {
    lines,
    debug: record('DEBUG'),
    info: record('INFO'),
    warn: record('WARNING'),
    error: record('ERROR'),
    event: () => {},
    together: (say) => say(),
    close: () => {},
  }
}
