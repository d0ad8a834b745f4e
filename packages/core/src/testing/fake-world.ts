import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { parse } from 'yaml'
import type { Project, Service } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import { isFields } from '../fields.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { type FakeCompose, fakeCompose } from './fake-compose.ts'
import { fakeContainer, type FakeEngine, fakeEngine } from './fake-engine.ts'
import { type FakeFiles, fakeFiles } from './fake-files.ts'
import { type FakeGit, fakeGit } from './fake-git.ts'
import { type FakeLocks, fakeLocks } from './fake-locks.ts'

/** Doubles of every executor, of one and the same machine: what git moves, files see, and what Compose brings up, the engine shows. */
export interface FakeWorld {
  readonly git: FakeGit
  readonly compose: FakeCompose
  readonly engine: FakeEngine
  readonly files: FakeFiles
  readonly locks: FakeLocks
  readonly clock: FakeClock
}

/** A machine in memory with one checkout at `path`, which isn't there before it is cloned or `git.checkOut`. */
export function fakeWorld({ path }: { readonly path: string }): FakeWorld {
  const git = fakeGit()
  const engine = fakeEngine()
  const files = checkoutFiles(git, path)
  const compose = composeOf(fakeCompose(), engine, files)
  return { git, compose, engine, files, locks: fakeLocks(), clock: fakeClock() }
}

/** Files of which those below `path` are the checkout's. */
function checkoutFiles(git: FakeGit, path: string): FakeFiles {
  const others = fakeFiles()
  const inside = (file: string): string | undefined =>
    file.startsWith(`${path}/`) ? posix.normalize(file.slice(path.length + 1)) : undefined
  const text = (file: string): string | undefined => {
    const name = inside(file)
    return name === undefined ? undefined : git.read(path, name)
  }
  return {
    ...others,
    read: async (file) => text(file) ?? others.read(file),
    exists: async (file) => text(file) !== undefined || others.exists(file),
    modifiedAt: async (file) => (text(file) === undefined ? others.modifiedAt(file) : 0),
  }
}

/** A Compose whose services are those of the project's own files; what it brings up, the engine shows running. */
function composeOf(compose: FakeCompose, engine: FakeEngine, files: FakeFiles): FakeCompose {
  const images = new Map<string, number>()
  const define = async (project: Project): Promise<readonly Service[]> => {
    const services = await servicesOf(project, files)
    compose.define(services)
    return services
  }
  return {
    ...compose,
    async services(project, call) {
      await define(project)
      return compose.services(project, call)
    },
    async build(project, services, options, call) {
      await define(project)
      await compose.build(project, services, options, call)
      for (const service of services) images.set(service, (images.get(service) ?? 0) + 1)
    },
    async up(project, options, call) {
      const services = await define(project)
      await compose.up(project, options, call)
      const containers = services.map(({ name }) =>
        fakeContainer({ service: name, image: `sha256:${name}-${images.get(name) ?? 0}` }),
      )
      engine.show(project.name, containers)
    },
  }
}

/** The services in the first Compose file, as far as a double needs them: no variables, no `extends`, no profiles. */
async function servicesOf(
  { files: [file = ''], directory }: Project,
  files: FakeFiles,
): Promise<readonly Service[]> {
  const parsed: unknown = parse((await files.read(file)) ?? '')
  const services = isFields(parsed) ? parsed['services'] : undefined
  if (!isFields(services))
    throw new DeployError('compose_invalid', `Compose refuses ${file}: it has no services`)
  return Object.entries(services).map(([name, service]) => {
    const build = isFields(service) ? service['build'] : undefined
    const context = isFields(build) ? build['context'] : build
    if (typeof context !== 'string') return { name, replicas: 1 }
    const dockerfile = isFields(build) ? build['dockerfile'] : undefined
    const digest = `sha256:${createHash('sha256').update(JSON.stringify(build)).digest('hex')}`
    return {
      name,
      replicas: 1,
      build: {
        context: posix.resolve(directory, context),
        additionalContexts: [],
        digest,
        ...(typeof dockerfile === 'string' ? { dockerfile } : {}),
      },
    }
  })
}
