import { createServer } from 'node:net'
import { cleanText } from '@fairway/core'
import type { Config } from '@fairway/server'
import { runningServer } from '../server-lock.ts'
import { blocks, type Finding, ok } from './finding.ts'
import { holderOf, listeners } from './listeners.ts'

/** Whether the server could listen, and who is in its place. */
export async function checkPort({ host, port, dataDir }: Config['server']): Promise<Finding> {
  const problem = await tryToListen(host, port)
  if (problem === undefined) return ok('port', `${host}:${port} is free`)
  // Where it can't be read, it is no server of ours.
  const server = await runningServer(dataDir).catch(() => undefined)
  if (server) return ok('port', `${host}:${port} is used by fairway serve (pid ${server.pid})`)
  if (problem.code === 'EACCES') {
    return blocks(
      'port',
      `${host}:${port} is for root: ports below 1024 are`,
      'Set server.port to 8000, and put a reverse proxy in front',
    )
  }
  if (problem.code !== 'EADDRINUSE') {
    return blocks(
      'port',
      `Cannot listen on ${host}:${port}: ${problem.message}`,
      'Set server.host to an address of this machine (ip address shows them)',
    )
  }
  const listener = (await listeners()).find((one) => one.port === port)
  const holder = listener === undefined ? undefined : await holderOf(listener)
  return blocks(
    'port',
    `${host}:${port} is in use by ${holder === undefined ? 'another program' : cleanText(holder)}`,
    `${holder === undefined ? `sudo ss -ltnp 'sport = :${port}' tells which; stop it` : 'Stop it'}, or set server.port`,
  )
}

function tryToListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}
