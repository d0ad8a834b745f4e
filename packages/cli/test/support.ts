import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type CommandResult, runCommand } from '@fairway/core'
import { onTestFinished } from 'vitest'
import { run } from '../src/run.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
export const secret = 'a secret of more than sixteen characters'

export interface FairwayOptions {
  readonly directory: string
  readonly environment?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  readonly output?: (line: string) => void
  /** Told the pid of the process. */
  readonly started?: (pid: number) => void
}

/** Runs the command as a process of its own, as people do. */
export function fairway(
  args: readonly string[],
  { directory, environment = {}, signal, output, started = () => {} }: FairwayOptions,
): Promise<CommandResult> {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE = '' } = process.env
  return runCommand(
    {
      command: process.execPath,
      args: ['--conditions=@fairway/source', main, ...args],
      directory,
      environment: { PATH, HOME, NODE_COMPILE_CACHE, ...environment },
      live: 'both',
      grace: 20_000,
    },
    {
      children: { started, ended: () => {}, watch: () => () => {} },
      ...(signal ? { signal } : {}),
      ...(output ? { output } : {}),
    },
  )
}

export interface InProcessOptions extends Pick<FairwayOptions, 'directory' | 'environment'> {
  /** Makes stdout a terminal of that width. */
  readonly columns?: number
}

/** Runs the command in this process, for what needs none of its own. */
export async function inProcess(
  args: readonly string[],
  { directory, environment = {}, columns }: InProcessOptions,
): Promise<Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr'>> {
  const { PATH = '', HOME = '' } = process.env
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr'): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[name] += chunk.toString()
        done()
      },
    })
  const exitCode = await run(args, {
    stdout: Object.assign(stream('stdout'), columns === undefined ? {} : { isTTY: true, columns }),
    stderr: stream('stderr'),
    environment: { PATH, HOME, ...environment },
    directory,
  })
  return { exitCode, ...written }
}

/** A folder with these files, removed after the test. */
export async function folder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'fairway-cli-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text)
  return path
}

/** `fairway serve` in a process of its own. */
export interface Serving {
  /** Lines so far. */
  readonly lines: readonly string[]
  /** Resolves at the first line that matches, which may have come already. */
  line(pattern: RegExp): Promise<string>
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<void>
  readonly ended: Promise<CommandResult>
}

export function serve(args: readonly string[], options: FairwayOptions): Serving {
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const stopped = new AbortController()
  const ended = fairway(['serve', ...args], {
    ...options,
    signal: stopped.signal,
    output(line) {
      lines.push(line)
      for (const check of waiting) check()
    },
  })
  const stop = async (): Promise<void> => {
    stopped.abort('the test is over')
    await ended.catch(() => {})
  }
  onTestFinished(stop)
  return {
    lines,
    ended,
    stop,
    line(pattern) {
      const found = new Promise<string>((resolve) => {
        const check = (): void => {
          const line = lines.find((candidate) => pattern.test(candidate))
          if (line === undefined) return
          waiting.delete(check)
          resolve(line)
        }
        waiting.add(check)
        check()
      })
      const early = ended.then((result) => {
        throw new Error(`serve ended with ${result.exitCode} before ${String(pattern)}:\n${lines.join('\n')}`)
      })
      return Promise.race([found, early])
    },
  }
}
