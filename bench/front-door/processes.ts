// oxlint-disable-next-line no-restricted-imports -- What is measured is asked over a channel, which runCommand has none of.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Order, Sent } from './load.ts'
import type { Usage } from './measured.ts'
import type { Turn } from './report.ts'

/** A server in a process of its own. */
export interface Measured {
  readonly url: string
  usage(): Promise<Usage>
  end(): Promise<void>
}

export interface Load {
  /** Sends to a server for a while; gives what it answered and what that cost it. */
  run(server: Measured, order: Omit<Order, 'url'>): Promise<Turn>
  end(): void
}

export interface MeasuredOptions {
  /** File that its stderr goes to, as a service's would. */
  readonly log: string
  readonly directory: string
  readonly nodeOptions?: readonly string[]
}

export async function startMeasured(
  script: string,
  args: readonly string[],
  { log, directory, nodeOptions = [] }: MeasuredOptions,
): Promise<Measured> {
  const output = openSync(log, 'a')
  const child = start(script, args, { directory, nodeOptions, stderr: output })
  closeSync(output)
  const early = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ended with ${String(code)}:\n${readFileSync(log, 'utf8')}`)
  })
  const [{ url }] = (await Promise.race([once(child, 'message'), early])) as [{ readonly url: string }]
  early.catch(() => {})
  return {
    url,
    async usage() {
      child.send('usage')
      const [usage] = (await once(child, 'message')) as [Usage]
      return usage
    },
    async end() {
      const ended = once(child, 'exit')
      child.send('end')
      await ended
    },
  }
}

export function startLoad(): Load {
  const child = start('load.ts', [], { directory: process.cwd(), stderr: 'inherit' })
  const message = async (): Promise<unknown> => ((await once(child, 'message')) as [unknown])[0]
  return {
    async run(server, order) {
      child.send({ ...order, url: server.url } satisfies Order)
      await message()
      const before = await server.usage()
      await message()
      const [after, sent] = await Promise.all([server.usage(), message() as Promise<Sent>])
      if (sent.refused > 0) throw new Error(`${server.url} refused ${sent.refused} deliveries`)
      // What it still has to do is not to be the next one's burden.
      await new Promise((resolve) => setTimeout(resolve, 500))
      const { answered, seconds, p50, p99 } = sent
      return { rate: answered / seconds, cpu: (after.cpu - before.cpu) / answered, p50, p99, rss: after.rss }
    },
    end: () => child.disconnect(),
  }
}

function start(
  script: string,
  args: readonly string[],
  {
    directory,
    stderr,
    nodeOptions = [],
  }: { directory: string; stderr: 'inherit' | number; nodeOptions?: readonly string[] },
): ChildProcess {
  const file = fileURLToPath(new URL(script, import.meta.url))
  return spawn(process.execPath, [...nodeOptions, '--conditions=@fairway/source', file, ...args], {
    cwd: directory,
    stdio: ['ignore', 'ignore', stderr, 'ipc'],
  })
}
