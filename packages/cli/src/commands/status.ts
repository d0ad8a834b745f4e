import type { Config, Journal } from '@fairway/server'
import { followBranches, realExecutors } from '@fairway/server/apps'
import { line } from '../display/line.ts'
import { ago, localTime } from '../display/when.ts'
import { exitCodes } from '../exit-codes.ts'
import { findApp } from '../find-app.ts'
import { hasJournal, withJournal } from '../journal/open.ts'
import { deploymentRecord, holdRecords, releaseRecord } from '../journal/records.ts'
import { readConfig } from '../read-config.ts'
import { runningServer, type ServerLock } from '../server-lock.ts'
import { type AppStatus, appStatus } from '../status/app-status.ts'
import { showApp } from '../status/show-app.ts'
import { logTo, painter, type Terminal, widthOfOutput } from '../terminal.ts'

export interface StatusOptions {
  readonly config?: string
  readonly json?: boolean
}

/** Tells where every app stands, or one, and whether a server runs. */
export async function status(
  name: string | undefined,
  options: StatusOptions,
  terminal: Terminal,
): Promise<number> {
  const config = await readConfig(options, terminal)
  const chosen = name === undefined ? config.apps : [findApp(name, config)]
  const look = (journal?: Journal): Promise<readonly AppStatus[]> =>
    survey({ ...config, apps: chosen }, terminal, journal)
  const apps = hasJournal(config) ? await withJournal(config, terminal, look) : await look()
  const server = await runningServer(config.server.dataDir)
  if (options.json === true) terminal.stdout.write(`${JSON.stringify(toJson(server, apps))}\n`)
  else terminal.stdout.write(`${show(server, apps, terminal).join('\n')}\n`)
  return exitCodes.done
}

async function survey(
  { apps }: Config,
  terminal: Terminal,
  journal: Journal | undefined,
): Promise<readonly AppStatus[]> {
  const { environment } = terminal
  const executors = realExecutors(environment)
  const followed = await followBranches(executors.git, logTo(terminal))(apps)
  return Promise.all(
    followed.map((app) => appStatus(app, { executors, environment, ...(journal ? { journal } : {}) })),
  )
}

function toJson(server: ServerLock | undefined, apps: readonly AppStatus[]) {
  return {
    server: server ? { pid: server.pid, since: server.since, address: server.address } : null,
    apps: apps.map(
      ({ deployed, last, inProgress, queued, containers, holds, releases, release, ...rest }) => ({
        ...rest,
        holds: holdRecords(holds),
        releases: releases.map((one) => releaseRecord(one, release)),
        deployed: deployed?.commit ?? null,
        last: last && deploymentRecord(last),
        inProgress: inProgress.map(deploymentRecord),
        queued: queued.map(deploymentRecord),
        containers: containers.map(
          ({ name, service, state, health = null, exitCode, restartCount, image }) => ({
            name,
            service,
            state,
            health,
            exitCode,
            restartCount,
            image,
          }),
        ),
      }),
    ),
  }
}

function show(
  server: ServerLock | undefined,
  apps: readonly AppStatus[],
  terminal: Terminal,
): readonly string[] {
  const paint = painter(terminal, terminal.stdout)
  const width = widthOfOutput(terminal)
  const now = new Date()
  const first = server
    ? `The server runs: ${server.address} (pid ${server.pid}), ${ago(server.since, now)}, ${localTime(server.since)}`
    : 'No server runs with this data directory.'
  const lines = apps.flatMap((app) => [[], ...showApp(app, paint, now)])
  return [[first], ...(apps.length === 0 ? [['No app is configured.']] : lines)].map((cells) =>
    line(cells, width),
  )
}
