import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { runCommand } from '@fairway/core'

/** What the two services serve. */
export interface Content {
  readonly web: string
  readonly api: string
}

/** Where they serve it. */
export type Ports = Readonly<Record<keyof Content, number>>

/**
 * Files of the app. `web` does not listen to SIGTERM, so that replacing it takes two seconds; what stands in `api/wait` is how long its
 * image takes to build.
 */
export function appFiles({ web, api }: Ports): Readonly<Record<string, string>> {
  // An image of another world, found by its content, must not do.
  const only = randomUUID()
  return {
    'compose.yaml': `services:
  web:
    build: { context: ./web, network: none }
    stop_grace_period: 2s
    ports: ["127.0.0.1:${web}:8080"]
  api:
    build: { context: ./api, network: none }
    init: true
    stop_grace_period: 1s
    ports: ["127.0.0.1:${api}:8080"]
`,
    'web/Dockerfile': `FROM local/busybox:latest
ENV MADE_FOR=${only}
COPY index.html /www/
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
`,
    'api/Dockerfile': `FROM local/busybox:latest
ENV MADE_FOR=${only}
COPY wait /wait
RUN read -r seconds serial < /wait && sleep "$seconds"
COPY index.html /www/
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
`,
    'api/wait': '0 0\n',
    ...manyFiles(0),
    ...contentFiles({ web: '0', api: '0' }),
  }
}

export function contentFiles({ web, api }: Content): Readonly<Record<string, string>> {
  return { 'web/index.html': `${web}\n`, 'api/index.html': `${api}\n` }
}

/** 1,500 files that belong to no service, of another content for each serial. */
export function manyFiles(serial: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: 1_500 }, (_, i) => [`data/${i % 40}/${i}.txt`, `${serial} ${i}\n`.repeat(20)]),
  )
}

/** What a service serves; undefined where it does not answer. */
export async function served(port: number): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) })
    return (await answer.text()).trim()
  } catch {
    return undefined
  }
}

/** Containers that Compose made to take another one's place, and which never did: `<12 hex>_name`. */
export async function leftovers(project: string): Promise<readonly string[]> {
  const filter = `label=com.docker.compose.project=${project}`
  const { stdout } = await runCommand({
    command: 'docker',
    args: ['ps', '--all', '--filter', filter, '--format', '{{.Names}}'],
    environment: process.env,
  })
  return stdout.split('\n').filter((name) => /^[0-9a-f]{12}_/.test(name))
}

/** A free port below those that the kernel gives to outgoing connections, which could take it while a container is replaced. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    if (await isFree(port)) return port
    await delay(1)
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
