import { randomUUID } from 'node:crypto'
import type { Files } from '../../packages/core/test/support/repository.ts'

/** The first of 300 ports that are this process's own: others may measure at the same time. */
export const benchPorts = 10_000 + (process.pid % 70) * 300

/** A project of so many services, each with a context of 42 small files, its own port, and a text that it serves. */
export function projectFiles(size: number, firstPort: number): Files {
  const services = serviceNames(size)
  return {
    'docker-compose.prod.yml': composeFile(services, firstPort),
    'README.md': 'A project to measure deploys with.\n',
    ...Object.fromEntries(services.flatMap((name) => Object.entries(contextFiles(name)))),
  }
}

function serviceNames(size: number): readonly string[] {
  return Array.from({ length: size }, (_, index) => `service${index + 1}`)
}

/** What a commit of one kind of work changes, and what the first service serves from then on. */
export interface Change {
  readonly files: Files
  /** Absent: what is served stays as it is. */
  readonly served?: Served
}

export interface Served {
  readonly path: '/index.html' | '/setting'
  readonly text: string
}

export const [first] = serviceNames(1) as [string]

/** New text in a file beside every build context. */
export function nothingRelevant(): Change {
  return { files: { 'README.md': `${randomUUID()}\n` } }
}

/** New text in the first service's sources, never built before. */
export function newSource(text: string = randomUUID()): Change {
  return { files: { [`${first}/index.html`]: text }, served: { path: '/index.html', text } }
}

/** A new value in the first service's environment. */
export function newConfiguration(size: number, firstPort: number): Change {
  const text = randomUUID()
  const file = composeFile(serviceNames(size), firstPort, text)
  return { files: { 'docker-compose.prod.yml': file }, served: { path: '/setting', text } }
}

function contextFiles(name: string): Files {
  const parts = Array.from({ length: 40 }, (_, part) => [
    `${name}/parts/${part}.txt`,
    `${name}, part ${part}, ${randomUUID()}\n`,
  ])
  return {
    [`${name}/Dockerfile`]: dockerfile,
    [`${name}/index.html`]: randomUUID(),
    ...Object.fromEntries(parts),
  }
}

const dockerfile = `FROM local/busybox:latest
WORKDIR /www
COPY . .
CMD ["sh", "-c", "echo -n \\"$SETTING\\" > setting; exec httpd -f -p 8080 -h /www"]
`

function composeFile(services: readonly string[], firstPort: number, setting = 'as it began'): string {
  const sections = services.map(
    (name, index) => `  ${name}:
    build: ./${name}
    init: true
    ports: ["127.0.0.1:${firstPort + index}:8080"]
    environment: { SETTING: "${index === 0 ? setting : 'always the same'}" }
`,
  )
  return `services:\n${sections.join('')}`
}
