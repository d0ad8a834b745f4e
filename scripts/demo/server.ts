import { fairway } from './commands.ts'

/** `fairway serve` as a child whose log is shown. */
export interface Server {
  /** Waits for a line of the log that matches, and gives all lines since the last call; rejects when the server ends first. */
  line(pattern: RegExp): Promise<readonly string[]>
  stop(): Promise<void>
}

export function startServer(
  folder: string,
  port: number,
  environment: Readonly<Record<string, string>>,
): Server {
  const stopped = new AbortController()
  const lines: string[] = []
  let waiting: { readonly pattern: RegExp; readonly resolve: (lines: readonly string[]) => void } | undefined

  const check = (): void => {
    const found = lines.findIndex((line) => waiting?.pattern.test(line))
    if (!waiting || found === -1) return
    const { resolve } = waiting
    waiting = undefined
    resolve(lines.splice(0, found + 1))
  }
  const ended = fairway(['serve', '--port', String(port)], {
    directory: folder,
    environment,
    signal: stopped.signal,
    // It waits for what replaces containers; killed earlier, Compose would go on without it.
    grace: 60_000,
    output(line) {
      console.log(`  ${line}`)
      lines.push(line)
      check()
    },
  })
  // Whoever waits for a line is told; when nobody waits, `stop` is.
  ended.catch(() => {})

  return {
    async line(pattern) {
      const found = new Promise<readonly string[]>((resolve) => {
        waiting = { pattern, resolve }
        check()
      })
      const early = ended.then(() => {
        throw new Error('The server ended before it was asked to')
      })
      return Promise.race([found, early])
    },
    async stop() {
      stopped.abort('the demo is over')
      await ended.catch(() => {})
    },
  }
}
