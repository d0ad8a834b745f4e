import { chmodSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { createServer, connect, type AddressInfo } from 'node:net'
import { userInfo } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { runCommand } from '../../src/executors/process.ts'
import type { Playground } from './repository.ts'

/** A real sshd on a free port of this machine, with keys of its own. */
export interface SshRemote {
  readonly port: number
  /** Of the bare repository, with this user's name in it. */
  url(repository: string): string
  /** The command lines that ssh was called with so far. */
  calls(): readonly string[]
  close(): Promise<void>
}

/** Which of the client's keys and of the host's are the right ones. */
export interface SshOptions {
  readonly key?: 'right' | 'wrong'
  readonly host?: 'known' | 'unknown' | 'changed'
}

/**
 * Starts it, and puts an `ssh` into the playground's PATH that knows no configuration but the playground's:
 * ssh takes the home folder from the user database, so HOME alone would not keep it from the person's own keys.
 */
export async function sshRemote(
  play: Playground,
  { key = 'right', host = 'known' }: SshOptions = {},
): Promise<SshRemote> {
  const path = (name: string): string => play.path('ssh', name)
  mkdirSync(path('bin'), { recursive: true })
  for (const name of ['host', 'other', 'right', 'wrong']) await makeKey(path(name))
  const port = await freePort()
  const { username } = userInfo()
  writeFileSync(path('authorized'), readFileSync(path('right.pub')))
  writeFileSync(path('known'), knownHosts(host, port, path))
  writeFileSync(
    path('config'),
    lines(
      'Host *',
      `UserKnownHostsFile ${path('known')}`,
      'GlobalKnownHostsFile /dev/null',
      'IdentitiesOnly yes',
      'IdentityAgent none',
      `IdentityFile ${path(key)}`,
    ),
  )
  const environment = play.environment['PATH']
  writeFileSync(
    path('bin/ssh'),
    `#!/bin/sh\necho "$*" >> '${path('calls')}'\nPATH='${environment}' exec ssh -F '${path('config')}' "$@"\n`,
  )
  chmodSync(path('bin/ssh'), 0o755)
  const stop = await startServer(port, path)
  return {
    port,
    url: (repository) => `ssh://${username}@127.0.0.1:${port}${repository}`,
    calls: () => (existsSync(path('calls')) ? readFileSync(path('calls'), 'utf8').trim().split('\n') : []),
    close: stop,
  }
}

/** The playground's environment with the `ssh` of `sshRemote` in its PATH. */
export function sshEnvironment(play: Playground): Playground['environment'] {
  return { ...play.environment, PATH: `${play.path('ssh', 'bin')}:${play.environment['PATH']}` }
}

async function startServer(port: number, path: (name: string) => string): Promise<() => Promise<void>> {
  writeFileSync(
    path('sshd_config'),
    lines(
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${path('host')}`,
      `AuthorizedKeysFile ${path('authorized')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
    ),
  )
  const separation = makeSeparationFolder()
  const stopping = new AbortController()
  const server = runCommand(
    {
      command: '/usr/sbin/sshd',
      args: ['-D', '-e', '-f', path('sshd_config')],
      environment: { PATH: process.env['PATH'] },
    },
    { signal: stopping.signal },
  ).then(
    ({ exitCode, stderr }) => new Error(`sshd ended with code ${exitCode}: ${stderr}`),
    (error: unknown) => error,
  )
  const refused = await Promise.race([answers(port), server])
  if (refused !== undefined) throw refused
  return async () => {
    stopping.abort('stopped')
    await server
    separation()
  }
}

/** sshd as root insists on this folder, which systemd makes when it starts the service. */
function makeSeparationFolder(): () => void {
  const folder = '/run/sshd'
  if (userInfo().uid !== 0 || existsSync(folder)) return () => {}
  mkdirSync(folder, { mode: 0o755 })
  return () => rmdirSync(folder)
}

function knownHosts(host: SshOptions['host'], port: number, path: (name: string) => string): string {
  if (host === 'unknown') return ''
  const key = readFileSync(path(host === 'known' ? 'host.pub' : 'other.pub'), 'utf8')
  return `[127.0.0.1]:${port} ${key.split(' ').slice(0, 2).join(' ')}\n`
}

async function makeKey(file: string): Promise<void> {
  const args = ['-q', '-t', 'ed25519', '-N', '', '-C', 'fairway-test', '-f', file]
  const { exitCode, stderr } = await runCommand({
    command: 'ssh-keygen',
    args,
    environment: { PATH: process.env['PATH'] },
  })
  if (exitCode !== 0) throw new Error(`ssh-keygen failed: ${stderr}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Resolves with nothing as soon as something listens there. */
async function answers(port: number): Promise<undefined> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('close', () => socket.destroy())
      setTimeout(() => socket.destroy(), 500)
    })
    if (isOpen) return undefined
    await delay(20)
  }
}

function lines(...of: readonly string[]): string {
  return `${of.join('\n')}\n`
}
