import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { DeployError } from '../errors.ts'
import type { Call } from '../run.ts'
import type { Environment } from './environment.ts'
import { endGroup, groupMemory, identify, type ProcessId } from './process-group.ts'

/** A program to start: no shell, nothing inherited but what is given here. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  /** What messages call it; default: the program and its first argument. */
  readonly called?: string
  readonly directory?: string
  readonly environment: Environment
  /** Milliseconds until its process group is ended; default: no limit. */
  readonly timeout?: number
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly grace?: number
  /** Bytes of memory that its process group may hold before it is killed; default: no limit. Needs /proc. */
  readonly maxMemory?: number
  /** Text for its standard input; default: none. */
  readonly input?: string
  /** Streams whose lines go to the run's `output`; default: none. */
  readonly live?: 'stderr' | 'both'
}

/** How a program ended; a non-zero exit code is a result, not an error. */
export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  /** The last 64 KiB. */
  readonly stderr: string
  /** Last lines of both streams, as they came. */
  readonly lastLines: readonly string[]
}

const maxStdout = 64 * 1024 * 1024
const maxStderr = 64 * 1024
const maxLine = 4_000

/**
 * Runs a program in a process group of its own and waits for its end.
 * Rejects with `DeployError` `timeout`, `cancelled`, `git_unavailable` or `docker_unavailable`.
 */
export async function runCommand(command: Command, call: Call = {}): Promise<CommandResult> {
  const { signal, children } = call
  signal?.throwIfAborted()
  const child = spawn(command.command, command.args, {
    cwd: command.directory,
    env: { ...command.environment },
    stdio: [command.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: true,
  })
  // A program that ends without reading its input is judged by its exit code, not by the broken pipe.
  child.stdin?.on('error', () => {}).end(command.input)
  const group = child.pid === undefined ? undefined : identify(child.pid)
  const ending = watchLimits(command, group, signal)
  try {
    if (group) children?.started(group.pid)
    const result = await collect(command, child, group, call)
    const failure = await ending.finished()
    if (failure !== undefined) throw failure
    return result
  } finally {
    ending.stop()
    if (group) children?.ended(group.pid)
  }
}

/** Ends the group when time is up, it takes too much memory or the run is cancelled; afterwards tells which, as the error to throw. */
function watchLimits(
  { command, args, called = `${command} ${args[0] ?? ''}`, timeout, grace, maxMemory }: Command,
  group: ProcessId | undefined,
  signal: AbortSignal | undefined,
): { finished(): Promise<unknown>; stop(): void } {
  let failure: unknown
  let ended: Promise<void> | undefined
  const end = (reason: unknown, patience = grace): void => {
    if (failure !== undefined || !group) return
    failure = reason
    ended = endGroup(group, patience)
    // Awaited by `finished`; until then it must not count as unhandled.
    ended.catch(() => {})
  }
  const cancel = (): void => {
    const reason: unknown = signal?.reason
    end(reason instanceof Error ? reason : new DeployError('cancelled', String(reason)))
  }
  const late = (): void => {
    const text = `${called} did not end within ${(timeout ?? 0) / 1000} s and was stopped`
    end(new DeployError('timeout', text))
  }
  const weigh = (): void => {
    if (maxMemory === undefined || !group || groupMemory(group.pid) <= maxMemory) return
    const text = `${called} took more than ${Math.round(maxMemory / 1024 ** 2)} MiB of memory and was stopped`
    // Not asked to end: it would go on growing meanwhile.
    end(new DeployError('timeout', text), 0)
  }
  const weighing = maxMemory === undefined ? undefined : setInterval(weigh, 250)
  // Of a deadline for several commands nothing may be left for this one.
  if (timeout !== undefined && timeout <= 0) late()
  const timer = timeout === undefined ? undefined : setTimeout(late, timeout)
  signal?.addEventListener('abort', cancel, { once: true })
  return {
    async finished() {
      await ended
      return failure
    },
    stop() {
      clearTimeout(timer)
      clearInterval(weighing)
      signal?.removeEventListener('abort', cancel)
    },
  }
}

function collect(
  { command, directory, live }: Command,
  child: ChildProcess,
  group: ProcessId | undefined,
  { output }: Call,
): Promise<CommandResult> {
  const lastLines: string[] = []
  const watch = (stream: Readable, shown: boolean, keep: (text: string) => void): void => {
    stream.setEncoding('utf8')
    stream.on('data', keep)
    createInterface({ input: stream }).on('line', (line) => {
      const text = line.slice(0, maxLine)
      lastLines.push(text)
      if (lastLines.length > 40) lastLines.shift()
      if (shown) output?.(text)
    })
  }
  let stdout = ''
  let stderr = ''
  watch(child.stdout as Readable, live === 'both', (text) => {
    if (stdout.length < maxStdout) stdout += text
  })
  watch(child.stderr as Readable, live !== undefined, (text) => {
    stderr = (stderr + text).slice(-maxStderr)
  })
  return new Promise((resolve, reject) => {
    let straggler: NodeJS.Timeout | undefined
    child.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'ENOENT' ? notFound(command, directory, cause) : cause)
    })
    child.once('exit', () => {
      // A grandchild that still holds the pipes would keep us waiting for ever.
      if (group) straggler = setTimeout(() => void endGroup(group).catch(reject), 2_000)
    })
    child.once('close', (code, signal) => {
      clearTimeout(straggler)
      const exitCode = code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)
      resolve({ exitCode, stdout, stderr, lastLines })
    })
  })
}

function notFound(command: string, directory: string | undefined, cause: unknown): DeployError {
  // Node reports a missing working directory as if the program were missing.
  if (directory !== undefined && !existsSync(directory)) {
    return new DeployError('checkout_missing', `Cannot run ${command} in ${directory}: no such directory`, {
      cause,
    })
  }
  const code = basename(command) === 'git' ? 'git_unavailable' : 'docker_unavailable'
  return new DeployError(code, `Cannot start ${command}: it is not installed or not in PATH`, {
    hint: `Install ${command}, or start Fairway with a PATH that has it`,
    cause,
  })
}
