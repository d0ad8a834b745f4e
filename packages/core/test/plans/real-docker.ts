import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { Container } from '../../src/domain/container.ts'
import { DeployError } from '../../src/errors.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { dockerEngine } from '../../src/executors/docker-engine.ts'
import { isFields } from '../../src/fields.ts'
import { docker, newProject } from '../support/docker.ts'
import type { HistoryDocker } from './history-docker.ts'
import { type Expected, filesOf, readEnvironment } from './random-compose.ts'
import type { Round, Texts } from './random-project.ts'

/** The engine of this machine, for a project that nobody else has; its containers are asked for what they hold. */
export function realDocker(): HistoryDocker {
  const project = newProject()
  const mark = randomUUID()
  const [compose, engine] = [composeCli(), dockerEngine()]
  let failing: Round['fails'] = 'nothing'
  let built: string[] = []
  let builds = 0
  const beforeBuild = (): void => {
    builds += 1
    if (failing === 'build' || (failing === 'second build' && builds === 2)) throw onPurpose()
  }
  const containers = (): Promise<readonly Container[]> => engine.containers(project)

  return {
    project,
    compose: {
      ...compose,
      async build(of, services, options, call) {
        beforeBuild()
        await compose.build(of, services, options, call)
        built.push(...services)
      },
      async up(of, options, call) {
        if (failing === 'up') throw onPurpose()
        const isHalf = failing === 'half up' && options.services !== undefined
        await compose.up(of, isHalf ? { ...options, services: options.services.slice(0, 1) } : options, call)
        if (failing === 'half up' || failing === 'after up') throw onPurpose()
      },
    },
    engine: {
      ...engine,
      async build(image, options, call) {
        beforeBuild()
        const isBuilt = await engine.build(image, options, call)
        if (isBuilt) built.push(image.service)
        return isBuilt
      },
    },
    filesOf: (tree) => forEngine(filesOf(tree), project, mark),
    begin(_tree, fails) {
      failing = fails
      builds = 0
    },
    takeBuilt() {
      const taken = built
      built = []
      return taken
    },
    images: () => engine.images({ app: project, names: [] }),
    containers,
    async checkHeld({ id, service }, expected) {
      expect(await heldBy(id), `what ${service} runs`).toEqual({
        files: expectedFiles(expected),
        environment: { ...expected.environment, ...builtWith(expected.image) },
      })
    },
    // What is in an image shows in its containers.
    isMadeFrom: () => undefined,
    async meddle({ kind, name }) {
      if (kind === 'untagged') await docker('rmi', '--force', `${project}-${name}`).catch(() => {})
      const own = (await containers()).filter(({ service }) => service === name).map(({ id }) => id)
      if (kind === 'untagged' || own.length === 0) return
      const running = (await containers()).flatMap(({ id, state }) => (state === 'running' ? [id] : []))
      if (kind === 'removed') await docker('rm', '--force', ...own)
      else if (kind === 'stopped') await docker('stop', '--time', '0', ...own)
      else for (const id of own) if (running.includes(id)) await docker('pause', id)
    },
    async close() {
      await docker('compose', '--project-name', project, 'down', '--volumes', '--timeout', '0')
      const labelled = await docker('images', '--quiet', '--filter', `label=fairway.app=${project}`)
      if (labelled !== '') await docker('rmi', '--force', ...new Set(labelled.split('\n')))
    },
  }
}

function onPurpose(): DeployError {
  return new DeployError('compose_failed', 'fails on purpose')
}

/** The same project as an engine can run it: containers that stay and end at once, images that no other run has made. */
function forEngine(files: Texts, project: string, mark: string): Texts {
  const named = Object.entries(files).map(([name, text]) => {
    const own = text.replaceAll('shop-web', `${project}-web`).replaceAll('local/db', 'local/busybox')
    if (name === 'compose.yaml') return [name, runnable(own)] as const
    if (!name.endsWith('Dockerfile')) return [name, own] as const
    const marked = own.replace(/^FROM .*$/m, (line) => `${line}\nENV MADE_BY_TEST=${mark}`)
    return [name, marked.replace('ARG LEVEL', 'ARG LEVEL\nENV BUILT_WITH=$LEVEL')] as const
  })
  return Object.fromEntries(named)
}

function runnable(text: string): string {
  const config = JSON.parse(text) as { readonly services: Readonly<Record<string, unknown>> }
  const services = Object.entries(config.services).map(([name, service]) => {
    if (!isFields(service)) throw new Error(`${name} is no service`)
    const { ports, ...others } = service
    // Published, two containers could not have it; of the network of another one they can have none.
    const expose = ports && !('network_mode' in others) ? { expose: ['8001'] } : {}
    const idle = { command: ['sleep', '3600'], init: true }
    return [name, { ...others, ...expose, ...idle }] as const
  })
  return `${JSON.stringify({ ...config, services: Object.fromEntries(services) }, null, 2)}\n`
}

/** Files of a container where random projects put some, and the variables that they set. */
async function heldBy(id: string): Promise<{ readonly files: Texts; readonly environment: Texts }> {
  const places = '/www /srv /mounted /token /run/secrets/token'
  const find = `find ${places} -name .git -prune -o -type f -print 2>/dev/null`
  const script = `${find} | while read -r file; do printf '%s\\0' "$file"; cat "$file"; printf '\\0'; done; env`
  const parts = (await docker('exec', '--user', '0', id, 'sh', '-c', script)).split('\0')
  const files = parts
    .slice(0, -1)
    .flatMap((name, i) => (i % 2 === 0 ? [[name, parts[i + 1] ?? ''] as const] : []))
  const known = ['VARIABLE', 'LEVEL', 'MORE', 'BUILT_WITH']
  const environment = Object.entries(readEnvironment(parts.at(-1) ?? '')).filter(([name]) =>
    known.includes(name),
  )
  return { files: Object.fromEntries(files), environment: Object.fromEntries(environment) }
}

function expectedFiles({ image, mounts, rest }: Expected): Texts {
  const { token, ...others } = Object.fromEntries(
    Object.entries(mounts).map(([name, text]) => [name === 'token.txt' ? 'token' : name, text]),
  )
  const mounted = Object.entries(others).map(
    ([name, text]) =>
      [rest['mount'] === 'conf' ? name.replace('conf', '/mounted') : '/mounted', text] as const,
  )
  const place = rest['reads'] === 'secret' ? '/run/secrets/token' : '/token'
  return {
    ...imageFiles(image),
    ...Object.fromEntries(mounted),
    ...(token === undefined ? {} : { [place]: token }),
  }
}

/** Made of by the text of `imageText`. */
interface Made {
  readonly dockerfile: string
  readonly section: { readonly LEVEL?: string } | null
  readonly base: string
}

function parseImage(image: string): readonly [readonly (readonly [string, string])[], Made] | undefined {
  return image.startsWith('[') ? (JSON.parse(image) as ReturnType<typeof parseImage>) : undefined
}

function imageFiles(image: string): Texts {
  const parsed = parseImage(image)
  if (!parsed) return {}
  const [files, { dockerfile, base }] = parsed
  const [, folder = ''] = /^COPY \. (\S+)/m.exec(dockerfile) ?? []
  const copied = files.map(([name, text]) => [`${folder}/${name}`, text] as const)
  return { ...imageFiles(base), ...Object.fromEntries(copied) }
}

/** What the Dockerfile passes on of its argument. */
function builtWith(image: string): Texts {
  const made = parseImage(image)?.[1]
  if (!made?.dockerfile.includes('ARG LEVEL')) return {}
  return { BUILT_WITH: made.section?.LEVEL ?? '' }
}
