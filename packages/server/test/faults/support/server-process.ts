import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { descendants, kill, killTree } from './process-tree.ts'

const main = fileURLToPath(new URL('../../../../cli/src/main.ts', import.meta.url))

export interface ServeOptions {
  /** Where fairway.yaml is. */
  readonly directory: string
  readonly environment?: Readonly<Record<string, string>>
  /** Node's own options, such as `--import FILE`. */
  readonly nodeOptions?: readonly string[]
  /** Told every line. */
  readonly output?: (line: string) => void
}

/** `fairway serve` as a process of its own, which can be killed without its knowing. */
export interface ServerProcess {
  readonly pid: number
  readonly lines: readonly string[]
  /** Resolves once it listens; rejects when it ends before. */
  readonly url: Promise<string>
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  signal(signal: NodeJS.Signals): void
  /** SIGKILL to the process alone or to everything that it has started, too, or SIGTERM; resolves when it has ended. */
  end(how: Ending): Promise<void>
  /** Commands that run below it. */
  commands(): readonly string[]
}

export type Ending = 'server' | 'tree' | 'stop'

export function startServerProcess({
  directory,
  environment = {},
  nodeOptions = [],
  output = () => {},
}: ServeOptions): ServerProcess {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE = '' } = process.env
  const child = spawn(
    process.execPath,
    [...nodeOptions, '--conditions=@fairway/source', main, 'serve', '--port', '0'],
    {
      cwd: directory,
      env: { PATH, HOME, NODE_COMPILE_CACHE, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  )
  const pid = child.pid ?? 0
  const lines: string[] = []
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 0))
  })
  const url = listening(child, ended, lines, output)
  // Whoever doesn't ask for the address isn't to end by it.
  url.catch(() => {})
  return {
    pid,
    lines,
    url,
    ended,
    signal: (signal) => void kill(pid, signal),
    async end(how) {
      if (how === 'tree') killTree(pid)
      else kill(pid, how === 'stop' ? 'SIGTERM' : 'SIGKILL')
      await ended
    },
    commands: () => descendants(pid).map(({ command }) => command),
  }
}

function listening(
  child: ChildProcess,
  ended: Promise<number | NodeJS.Signals>,
  lines: string[],
  output: (line: string) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        output(line)
        const [, url] = /Listening on (http:\/\/[\w.:[\]]+)/.exec(line) ?? []
        if (url !== undefined) resolve(url)
      })
    }
    void ended.then((how) =>
      reject(new Error(`The server ended with ${how} before it listened:\n${lines.join('\n')}`)),
    )
  })
}
