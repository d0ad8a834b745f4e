import { randomUUID } from 'node:crypto'
import type { Tree } from '../../../../../scripts/lib/origin.ts'

/** What differs between two versions of the app. */
export interface Version {
  /** What `web` serves at `/index.html`. */
  readonly page: string
  /** The program of `web`, as shell. */
  readonly program?: string
  /** Lines more of `web`, and services more, as Compose's YAML. */
  readonly web?: string
  readonly services?: string
  readonly files?: Tree
}

/** Serves what the image holds at port 8080. */
export const serve = 'exec httpd -f -p 8080 -h /www\n'

/** Different in each run: nothing built by another one counts. */
const run = randomUUID()

/** Every file of a version: what a service is built from, and what it mounts. */
export function filesOf({ page, program = serve, web = '', services = '', files = {} }: Version): Tree {
  return {
    'compose.yaml': `services:
  web:
    build: ./web
    init: true
    volumes: ["./site:/site:ro", "./one.txt:/one.txt:ro"]
${web}${services}`,
    'web/Dockerfile': 'FROM local/busybox:latest\nCOPY . /www/\nCMD ["sh", "/www/start.sh"]\n',
    'web/start.sh': program,
    'web/index.html': `${page}\n`,
    'web/run': run,
    'site/index.html': `${page}\n`,
    'one.txt': `${page}\n`,
    ...files,
  }
}
