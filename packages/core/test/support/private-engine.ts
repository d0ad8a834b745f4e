import { mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isGroupAlive } from '../../src/executors/process-group.ts'
import { type Command, runCommand } from '../../src/executors/process.ts'
import { trackChildren } from '../../src/run.ts'

/** A Docker engine of a test's own, that may die. */
export interface PrivateEngine {
  /** Leads `docker` and the executors to it. */
  readonly environment: Readonly<Record<string, string>>
  /** Starts it, and again when it was killed; resolves once it answers. */
  readonly start: () => Promise<void>
  /** Sends it a signal, and waits for the end where that ends it. */
  readonly signal: (signal: NodeJS.Signals) => Promise<void>
  readonly docker: (...args: readonly string[]) => Promise<string>
  /** Ends it with all its containers and removes everything of it. */
  readonly close: () => Promise<void>
}

interface Daemon {
  readonly pid: number
  readonly ended: Promise<unknown>
  readonly isAlive: () => boolean
  /** Asks it to end; SIGKILL after a while. */
  readonly stop: () => Promise<void>
}

/**
 * containerd and dockerd in namespaces of their own: dockerd without a bridge deletes the `docker0` that it finds, and
 * a killed one leaves mounts. containerd lives on when dockerd is killed, as with systemd. Needs root.
 */
export async function privateEngine(): Promise<PrivateEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'fairway-engine-'))
  const at = (name: string): string => join(folder, name)
  const { PATH = '', HOME = '' } = process.env
  const environment = { PATH, HOME, DOCKER_HOST: `unix://${at('docker.sock')}` }
  const places = ['--root', at('c'), '--state', at('s'), '--address', at('containerd.sock')]
  const apart = ['--net', '--mount', '--propagation', 'private', 'containerd', ...places]
  const containerd = startDaemon({ command: 'unshare', args: apart, environment })
  let dockerd: Daemon | undefined

  const docker = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runCommand({ command: 'docker', args, environment })
    if (exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`)
    return stdout.trim()
  }
  const start = async (): Promise<void> => {
    // Whoever enters too early is where this process is, and would delete the machine's own bridge.
    await until(() => isApart(containerd.pid))
    if (dockerd?.isAlive() !== true) boot()
    await untilItAnswers(() => docker('version'))
  }
  const boot = (): void => {
    rmSync(at('docker.pid'), { force: true })
    const options = {
      containerd: at('containerd.sock'),
      'data-root': at('data'),
      'exec-root': at('exec'),
      pidfile: at('docker.pid'),
      host: environment.DOCKER_HOST,
      bridge: 'none',
      iptables: 'false',
      ip6tables: 'false',
    }
    const inside = ['--target', `${containerd.pid}`, '--net', '--mount', 'dockerd']
    const args = [...inside, ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)]
    dockerd = startDaemon({ command: 'nsenter', args, environment })
  }

  return {
    environment,
    start,
    async signal(signal) {
      if (!dockerd) return
      process.kill(dockerd.pid, signal)
      if (signal === 'SIGKILL' || signal === 'SIGTERM') await dockerd.ended
    },
    docker,
    async close() {
      await start()
      const ids = await docker('ps', '--all', '--quiet')
      if (ids !== '') await docker('rm', '--force', '--volumes', ...ids.split('\n'))
      await dockerd?.stop()
      await containerd.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function startDaemon(command: Command): Daemon {
  const children = trackChildren()
  const stopping = new AbortController()
  let pid = 0
  children.watch(([group]) => (pid = group ?? pid))
  const ended = runCommand({ ...command, grace: 10_000 }, { children, signal: stopping.signal }).catch(
    (reason: unknown) => reason,
  )
  return {
    pid,
    ended,
    isAlive: () => isGroupAlive({ pid }),
    async stop() {
      stopping.abort(new Error('the test is over'))
      await ended
    },
  }
}

/** Whether a process has left the namespaces of this one. */
function isApart(pid: number): boolean {
  return ['net', 'mnt'].every(
    (kind) => readlinkSync(`/proc/${pid}/ns/${kind}`) !== readlinkSync(`/proc/self/ns/${kind}`),
  )
}

async function until(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; !isSo(); attempt += 1) {
    if (attempt === 500) throw new Error('containerd did not get namespaces of its own')
    await delay(20)
  }
}

async function untilItAnswers(ask: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await ask()
      return
    } catch (error) {
      if (attempt === 100) throw error
      await delay(200)
    }
  }
}
