import { readFile, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { isAlive } from '@fairway/core'
import { type Config, isLoopback } from '@fairway/server'
import { blocks, type Finding, ok, warning } from './finding.ts'

/** The place where the server will stand: its port, its disk, and who can reach it. */
export async function checkServer({ server, apps }: Config): Promise<readonly Finding[]> {
  const paths = [server.dataDir, ...apps.map(({ path }) => path)]
  const disks = await Promise.all(paths.map(checkDisk))
  return [await checkPort(server), ...disks.flat(), checkReach(server)]
}

async function checkPort({ host, port, dataDir }: Config['server']): Promise<Finding> {
  const problem = await tryToListen(host, port)
  if (problem === undefined) return ok('port', `${host}:${port} is free`)
  const pid = await runningServer(dataDir)
  if (pid !== undefined) return ok('port', `${host}:${port} is used by fairway serve (pid ${pid})`)
  return blocks(
    'port',
    `Cannot listen on ${host}:${port}: ${problem}`,
    `sudo ss -ltnp 'sport = :${port}', then stop that, or set server.port`,
  )
}

function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(error.message))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}

async function runningServer(dataDir: string): Promise<number | undefined> {
  try {
    const lock = JSON.parse(await readFile(join(dataDir, 'server.lock'), 'utf8')) as {
      pid: number
      startTime?: string
    }
    return isAlive(lock) ? lock.pid : undefined
  } catch {
    // No lock file, or one that was half written by a machine that lost power: no server of ours.
    return undefined
  }
}

const gigabyte = 1024 ** 3

async function checkDisk(path: string): Promise<readonly Finding[]> {
  const found = await statfs(path).catch(() => undefined)
  if (found === undefined) return path === dirname(path) ? [] : checkDisk(dirname(path))
  const free = found.bavail * found.bsize
  if (free >= 2 * gigabyte) return []
  const message = `${(free / gigabyte).toFixed(1)} GB are free for ${path}`
  const fix = 'docker image prune, docker builder prune, or a larger disk'
  return [free < 0.1 * gigabyte ? blocks('disk', message, fix) : warning('disk', message, fix)]
}

function checkReach({ host, trustedProxies }: Config['server']): Finding {
  if (isLoopback(host)) {
    return trustedProxies.length > 0
      ? ok('reach', `listens on ${host} behind ${trustedProxies.join(', ')}`)
      : warning(
          'reach',
          `listens on ${host} only: a git host elsewhere reaches it through a reverse proxy`,
          'Put Caddy or nginx with TLS in front, and its address into server.trustedProxies',
        )
  }
  return warning(
    'reach',
    `listens on ${host} without TLS: signatures protect it, but payloads can be read on the way`,
    'Put Caddy or nginx with TLS in front and listen on 127.0.0.1',
  )
}
