// oxlint-disable-next-line no-restricted-imports -- A server is watched while it runs, which runCommand waits for.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type CommandResult, runCommand } from '@fairway/core'
import type { Origin, Playground } from '../../packages/core/test/support/repository.ts'
import type { Contestant } from './contestant.ts'
import { untilServed } from './until-served.ts'

const secret = 'a secret of more than sixteen characters'
/** What users run: `pnpm build` comes first. */
const main = fileURLToPath(new URL('../../packages/cli/bin/fairway.js', import.meta.url))
const node = (args: readonly string[]): readonly string[] => [main, ...args]

export interface FairwayServer {
  /** Resolves at the next line of its log that has this text. */
  next(text: string): Promise<void>
  readonly port: number
  readonly configuration: string
  end(): Promise<void>
}

export interface BenchApp {
  readonly name: string
  readonly origin: Origin
  readonly firstPort: number
}

/** A server with these apps, as a user starts it. */
export async function startFairway(ground: Playground, apps: readonly BenchApp[]): Promise<FairwayServer> {
  const configuration = ground.path('fairway.yaml')
  await writeFile(configuration, configurationOf(ground, apps))
  const child = spawn(process.execPath, node(['serve', '--config', configuration]), {
    cwd: ground.directory,
    env: { ...process.env, ...ground.environment, FAIRWAY_LOCKS: ground.path('locks') },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const lines = watchLines(child)
  const listening = await lines.next(/http:\/\/127\.0\.0\.1:(\d+)/)
  return {
    next: async (text) => void (await lines.next(text)),
    port: Number(/:(\d+)/.exec(listening.slice(listening.indexOf('http')))?.[1]),
    configuration,
    async end() {
      lines.close()
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

/** The server that deploys by itself when a push comes, or when the command line asks it. */
export function fairwayContestant(
  ground: Playground,
  server: FairwayServer,
  { name, origin, firstPort }: BenchApp,
  by: 'push' | 'command line',
): Contestant {
  const cli = async (args: readonly string[]): Promise<void> => {
    const environment = { ...process.env, ...ground.environment, FAIRWAY_CONFIG: server.configuration }
    const result = await runCommand({ command: process.execPath, args: node(args), environment })
    if (result.exitCode !== 0) throw new Error(`fairway ${args[0]} failed:\n${result.lastLines.join('\n')}`)
  }
  return {
    name: by === 'push' ? 'server' : 'command line',
    origin,
    firstPort,
    async deploy({ served }) {
      const over = new AbortController()
      const finished = server.next(`Deployment task for ${name} finished`)
      const failed = server.next(`failed for ${name}`)
      void failed.then(() => over.abort(new Error(`Fairway failed to deploy ${name}`)))
      const broken = new Promise<never>((_, reject) => {
        over.signal.addEventListener('abort', () => reject(over.signal.reason as Error), { once: true })
      })
      const began = performance.now()
      const asked = by === 'push' ? push(server, name) : cli(['deploy', name])
      const done = by === 'push' ? finished : asked
      await Promise.race([served ? untilServed(served, firstPort, over.signal) : done, broken])
      const passed = performance.now() - began
      await Promise.race([Promise.all([asked, finished]), broken])
      return passed
    },
    end: () => removeProject(ground, name),
  }
}

/** Takes away all that a project left in the engine. */
export async function removeProject(ground: Playground, name: string): Promise<void> {
  const { PATH = '' } = process.env
  const docker = (...args: readonly string[]): Promise<CommandResult> =>
    runCommand({ command: 'docker', args, environment: { ...ground.environment, PATH } })
  await docker('compose', '-p', name, 'down', '--volumes', '--timeout', '2')
  // Also those that releases have names for: the more images an engine has, the longer it takes to list them.
  const { stdout } = await docker('images', '--quiet', '--filter', `label=fairway.app=${name}`)
  const images = [...new Set(stdout.split('\n').filter((id) => id !== ''))]
  if (images.length > 0) await docker('rmi', '--force', ...images)
}

async function push({ port }: FairwayServer, name: string): Promise<void> {
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    repository: { name, full_name: `acme/${name}` },
    pusher: { name: 'bench' },
  })
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const answer = await fetch(`http://127.0.0.1:${port}/webhook`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    },
    body,
  })
  if (answer.status !== 202) throw new Error(`The push was answered ${answer.status}: ${await answer.text()}`)
}

/** A configuration of a server with these apps and nothing else to do. Settling comes after what is measured: it is kept short. */
export function configurationOf(ground: Playground, apps: readonly BenchApp[]): string {
  const sections = apps.map(
    ({ name, origin }) => `  ${name}:
    repository: acme/${name}
    branch: main
    path: ${ground.path(name)}
    url: file://${origin.path}
    rollout: { settle: 1s }
`,
  )
  return `server:
  port: 0
  dataDir: ${ground.path('data')}
  logFile: null
  catchUp: 0
webhook:
  secrets: ['${secret}']
apps:
${sections.join('')}`
}

interface Awaited {
  readonly pattern: string | RegExp
  readonly found: (line: string) => void
  readonly broken: (error: Error) => void
}

interface Lines {
  next(pattern: string | RegExp): Promise<string>
  /** Nobody waits any more. */
  close(): void
}

function watchLines(child: ChildProcess): Lines {
  const waiting = new Set<Awaited>()
  const tail: string[] = []
  if (!child.stderr) throw new Error('The server has no stderr to read')
  createInterface({ input: child.stderr }).on('line', (line) => {
    tail.push(line)
    if (tail.length > 40) tail.shift()
    for (const one of waiting) {
      const { pattern, found } = one
      if (typeof pattern === 'string' ? !line.includes(pattern) : !pattern.test(line)) continue
      waiting.delete(one)
      found(line)
    }
  })
  child.once('exit', (code) => {
    for (const { broken } of waiting) broken(new Error(`The server ended with ${code}:\n${tail.join('\n')}`))
  })
  return {
    next: (pattern) =>
      new Promise((found, broken) => {
        waiting.add({ pattern, found, broken })
      }),
    close: () => waiting.clear(),
  }
}
