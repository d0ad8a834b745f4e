import { posix } from 'node:path'
import { whereItLies } from '../decisions/relocation.ts'
import type { Project, Service } from '../domain/project.ts'
import type { RelocatedCall } from '../executors/compose.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { type FakeCommands, fakeCommands } from './fake-commands.ts'
import { type FakeCompose, fakeCompose } from './fake-compose.ts'
import { fakeConfiguration } from './fake-configuration.ts'
import { fakeContainers } from './fake-containers.ts'
import { type FakeEngine, fakeEngine } from './fake-engine.ts'
import { type FakeFolders, fakeFolders } from './fake-folders.ts'
import { type FakeFiles, fakeFiles, textDigest } from './fake-files.ts'
import { type FakeGit, fakeGit } from './fake-git.ts'
import { type FakeLocks, fakeLocks } from './fake-locks.ts'
import { type FakeProbe, fakeProbe } from './fake-probe.ts'

/** Doubles of every executor, of one and the same machine: what git moves, files see, and what Compose brings up, the engine shows. */
export interface FakeWorld {
  readonly git: FakeGit
  readonly compose: FakeCompose
  readonly engine: FakeEngine
  readonly files: FakeFiles
  readonly folders: FakeFolders
  readonly locks: FakeLocks
  readonly clock: FakeClock
  readonly probe: FakeProbe
  readonly commands: FakeCommands
}

/** A machine in memory with one checkout at `path`, which isn't there before it is cloned or `git.checkOut`. */
export function fakeWorld({ path }: { readonly path: string }): FakeWorld {
  const git = fakeGit()
  const engine = fakeEngine()
  const folders = fakeFolders(git)
  const files = checkoutFiles(git, () => [path, ...folders.made])
  const clock = fakeClock()
  const compose = composeOf(fakeCompose(), engine, files, clock)
  return {
    git,
    compose,
    engine,
    files,
    folders,
    locks: fakeLocks(),
    clock,
    probe: fakeProbe(),
    commands: fakeCommands(),
  }
}

/** Files of which those below some folders are git's. */
function checkoutFiles(git: FakeGit, folders: () => readonly string[]): FakeFiles {
  const others = fakeFiles()
  const text = (file: string): string | undefined => {
    const folder = folders().find((place) => file.startsWith(`${place}/`))
    return folder === undefined ? undefined : git.read(folder, posix.normalize(file.slice(folder.length + 1)))
  }
  return {
    ...others,
    read: async (file) => text(file) ?? others.read(file),
    digest: async (file) => {
      const found = text(file)
      return found === undefined ? others.digest(file) : textDigest(found)
    },
    exists: async (file) => text(file) !== undefined || others.exists(file),
    modifiedAt: async (file) => (text(file) === undefined ? others.modifiedAt(file) : 0),
  }
}

/** A Compose whose services are those of the project's own files; what it builds and brings up, the engine shows. */
function composeOf(
  compose: FakeCompose,
  engine: FakeEngine,
  files: FakeFiles,
  clock: FakeClock,
): FakeCompose {
  const containers = fakeContainers(engine)
  const define = async (
    project: Project,
    { relocation }: RelocatedCall = {},
  ): Promise<readonly Service[]> => {
    const at = (file: string): string => (relocation ? whereItLies(file, relocation) : file)
    const services = await fakeConfiguration(project, { ...files, read: (file) => files.read(at(file)) })
    compose.define(services)
    return services
  }
  return {
    ...compose,
    async services(project, call) {
      await define(project, call)
      return compose.services(project, call)
    },
    async build(project, chosen, options, call) {
      const services = await define(project)
      await compose.build(project, chosen, options, call)
      for (const service of services.filter(({ name }) => chosen.includes(name))) {
        containers.build(project, service, options.labels?.[service.name])
      }
    },
    async up(project, options, call) {
      const services = await define(project)
      await compose.up(project, options, call)
      const { services: chosen, force = false, keep = false } = options
      containers.up(project, services, { chosen, force, keep })
    },
    async restart(project, chosen, options, call) {
      await define(project)
      await compose.restart(project, chosen, options, call)
      containers.restart(project, chosen, clock.now().toISOString())
    },
    async wouldTouch(project, chosen, call) {
      const services = await define(project, call)
      await compose.wouldTouch(project, chosen, call)
      return containers.wouldTouch(
        project,
        services.filter(({ name }) => chosen.includes(name)),
      )
    },
  }
}
