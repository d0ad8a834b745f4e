import { chmod, mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DeployError, type Holder, identify } from '@fairway/core'
import { assertServable } from './assert-servable.ts'
import { assemble, type AssembleOptions } from './assemble.ts'
import type { Config } from './config/config.ts'
import type { Executors } from './executors.ts'
import { type Listening, listen } from './http/listen.ts'

/** A server that listens. */
export interface RunningServer {
  readonly url: string
  /** Goes on with another configuration; throws `ConfigError`, having changed nothing, where a server must not start with it. */
  reload(config: Config): void
  /** Takes no more requests and waits for the deployments that run; when `hurry` aborts, they are cancelled. */
  close(hurry?: AbortSignal): Promise<void>
}

/** Starts a server on the configured address, one per data directory (`locked` when another one has it). */
export async function startServer(config: Config, options: AssembleOptions): Promise<RunningServer> {
  assertServable(config)
  const { dataDir, host, port } = config.server
  const { executors, logger } = options
  const unlock = await lockDataDirectory(dataDir, executors)
  const server = assemble(config, options)
  let listening: Listening
  try {
    listening = await listen(server.app, { host, port })
  } catch (cause) {
    await server.close()
    await unlock()
    throw new DeployError(
      'address_unavailable',
      `Cannot listen on ${host}:${port}: ${(cause as Error).message}`,
      {
        hint: 'Stop what uses it, or choose another one with --host and --port',
        cause,
      },
    )
  }
  const lockFile = join(dataDir, 'server.lock')
  const self = {
    ...identify(process.pid),
    since: executors.clock.now().toISOString(),
    address: listening.url,
  }
  await writeFile(lockFile, `${JSON.stringify(self)}\n`, { mode: 0o600 })
  logger.info(`Listening on ${listening.url}`)
  return {
    url: listening.url,
    reload: (next) => server.reload(next),
    async close(hurry) {
      await listening.close()
      await server.close(hurry)
      await rm(lockFile, { force: true })
      await unlock()
    },
  }
}

async function lockDataDirectory(dataDir: string, { locks }: Executors): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true })
  // It will hold the token and the bodies of deliveries: nobody else's to read.
  await chmod(dataDir, 0o700)
  const attempt = await locks.take(`data:${await realpath(dataDir)}`, 'fairway serve')
  if (attempt.taken) return () => attempt.lock.release()
  throw inUse(dataDir, attempt.holder)
}

function inUse(dataDir: string, { who, pid, since }: Holder): DeployError {
  return new DeployError(
    'locked',
    `Cannot start: the data directory ${dataDir} is in use by ${who} (pid ${pid}, since ${since})`,
    {
      hint: 'Stop that server, or give this one a dataDir of its own',
    },
  )
}
