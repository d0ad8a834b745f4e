import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DeployError, isDeployError, runCommand } from '@fairway/core'
import { configFile } from '@fairway/server'
import { exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'
import { restartedByParent, type ServeOptions } from './serve-options.ts'

/** Milliseconds that a server may take to finish what replaces containers before it is replaced. */
const grace = 60_000

/** SIGHUP is a closed terminal: the child, in a process group of its own, must not stay behind. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs `serve` as a child and starts it again whenever the configuration or the sources change, until a signal comes. */
export async function serveReloading(options: ServeOptions, terminal: Terminal): Promise<number> {
  const stopped = new AbortController()
  const stop = (): void => stopped.abort(new DeployError('cancelled', 'stopped'))
  for (const name of signals) process.once(name, stop)
  const changes = watchChanges(await watched(options, terminal))
  try {
    while (!stopped.signal.aborted) {
      const changed = changes.next()
      const ended = await serveUntil(AbortSignal.any([changed, stopped.signal]), options, terminal)
      if (stopped.signal.aborted) break
      if (!changed.aborted) {
        terminal.stderr.write(`fairway: the server ended with exit code ${ended}; waiting for a change\n`)
        await aborted(AbortSignal.any([changed, stopped.signal]))
      }
      if (!stopped.signal.aborted) terminal.stderr.write('fairway: something changed; starting again\n')
    }
    return exitCodes.done
  } finally {
    changes.close()
    for (const name of signals) process.off(name, stop)
  }
}

/** Runs the server in a process of its own until the signal aborts; gives its exit code when it ends by itself. */
async function serveUntil(
  signal: AbortSignal,
  options: ServeOptions,
  { stderr, environment, directory }: Terminal,
): Promise<number> {
  const main = process.argv[1] ?? ''
  const args = [...process.execArgv, main, ...toArguments(options)]
  const command = {
    command: process.execPath,
    args,
    directory,
    environment: { ...environment, [restartedByParent]: 'true' },
    grace,
  }
  try {
    const output = (line: string): void => void stderr.write(`${line}\n`)
    return (await runCommand({ ...command, live: 'both' }, { signal, output })).exitCode
  } catch (error) {
    if (isDeployError(error, 'cancelled')) return exitCodes.done
    throw error
  }
}

function toArguments({ config, host, port, log }: ServeOptions): readonly string[] {
  const given = Object.entries({ host, port, log }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  )
  return [...(config === undefined ? [] : ['--config', config]), 'serve', ...given]
}

/** The configuration, the `.env` beside it, and the folders of the code that runs. */
async function watched(
  { config }: ServeOptions,
  { environment, directory }: Terminal,
): Promise<readonly string[]> {
  const file = await configFile({ environment, directory, ...(config === undefined ? {} : { file: config }) })
  const sources = ['@fairway/core', '@fairway/server'].flatMap(folderOf)
  return [file, resolve(dirname(file), '.env'), ...sources, fileURLToPath(new URL('..', import.meta.url))]
}

/** As it is published the command has these packages in itself. */
function folderOf(name: string): readonly string[] {
  try {
    return [dirname(fileURLToPath(import.meta.resolve(name)))]
  } catch {
    return []
  }
}

interface Changes {
  /** A signal that aborts at the next change. */
  next(): AbortSignal
  close(): void
}

function watchChanges(paths: readonly string[]): Changes {
  let controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const changed = (): void => {
    // An editor or a checkout writes several files at once.
    clearTimeout(timer)
    timer = setTimeout(() => controller.abort(new DeployError('cancelled', 'something changed')), 200)
  }
  const watchers = paths.map((path) => watchPath(path, changed))
  return {
    next() {
      controller = new AbortController()
      return controller.signal
    },
    close() {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
    },
  }
}

/** A folder is watched with all below it, a file through its folder: editors replace files. */
function watchPath(path: string, changed: () => void): FSWatcher {
  const isFile = /\.(ya?ml|env)$|\.env$/.test(path)
  if (!isFile) return watch(path, { recursive: true }, changed)
  return watch(dirname(path), (_, name) => {
    if (name === basename(path)) changed()
  })
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }))
}
