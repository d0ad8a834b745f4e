import { createServer } from 'node:net'
import { serve, type Version } from './versions.ts'

/** One way in which a version is bad. */
export interface Fault {
  readonly name: string
  readonly version: (page: string) => Version
  /** What its failure begins with. */
  readonly says: RegExp
  /** Makes the world as bad as it has to be; gives how that ends. `port`: one that is free. */
  readonly prepare?: (port: number) => Promise<() => Promise<void>>
}

const healthcheck = (more: string): string =>
  `    healthcheck: { test: ["CMD-SHELL", "echo out of order; exit 1"], interval: 200ms, ${more} }\n`

/** The same once more would be held, as it has failed before. */
const only = (page: string): string => `    environment: { PAGE: "${page}" }\n`

/** Each `up -d` of these ends with 0 or leaves the app down, or both. `port`: one that something else listens at. */
export function faults(port: number): readonly Fault[] {
  return [
    {
      name: 'exits at once',
      version: (page) => ({ page, program: 'echo cannot start; exit 3\n' }),
      says: /^web exited with code 3; rolled back to/,
    },
    {
      name: 'crashes after 2 s',
      version: (page) => ({ page, program: 'sleep 2; echo out of luck; exit 4\n' }),
      says: /^web exited with code 4; rolled back to/,
    },
    {
      name: 'crash loop with restart: always',
      version: (page) => ({ page, program: 'sleep 1; exit 5\n', web: '    restart: always\n' }),
      says: /^web was restarted \d+ times?, last exit code 5; rolled back to/,
    },
    {
      name: 'unhealthy',
      version: (page) => ({ page, web: healthcheck('retries: 1') }),
      says: /^web is unhealthy; rolled back to/,
    },
    {
      name: 'never healthy',
      version: (page) => ({ page, web: healthcheck('retries: 1000') }),
      says: /^web is still starting .*; rolled back to/,
    },
    {
      name: 'port taken',
      version: (page) => ({ page, web: `    ports: ["127.0.0.1:${port}:8080"]\n` }),
      prepare: listenAt,
      says: /port is already allocated|address already in use/,
    },
    {
      name: 'failing dependency',
      version: (page) => ({
        page,
        web: '    depends_on: { db: { condition: service_healthy } }\n',
        services: `  db:
    image: local/busybox:latest
    init: true
    command: [sleep, "3600"]
${only(page)}${healthcheck('retries: 1')}`,
      }),
      says: /^db is unhealthy; rolled back to/,
    },
    {
      name: 'one-shot failing',
      version: (page) => ({
        page,
        program: serve,
        web: '    depends_on: { prepare: { condition: service_completed_successfully } }\n',
        services: `  prepare:
    image: local/busybox:latest
    command: [sh, -c, "echo no space; exit 6"]
${only(page)}`,
      }),
      says: /^prepare exited with code 6.*; rolled back to/,
    },
  ]
}

/** Something else that has the port. */
export async function listenAt(port: number): Promise<() => Promise<void>> {
  const other = createServer()
  await new Promise<void>((resolve, reject) => {
    other.once('error', reject)
    other.listen(port, '127.0.0.1', resolve)
  })
  return () => new Promise((resolve) => void other.close(() => resolve()))
}

/** A port of this machine that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => void server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port was given')
  return address.port
}
