import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect } from 'vitest'
import { whereItLies } from '../../src/decisions/relocation.ts'
import type { Container } from '../../src/domain/container.ts'
import type { Project, Service } from '../../src/domain/project.ts'
import { DeployError } from '../../src/errors.ts'
import type { Compose, RelocatedCall } from '../../src/executors/compose.ts'
import type { Engine } from '../../src/executors/engine.ts'
import { nodeFiles } from '../../src/executors/node-files.ts'
import { isFields } from '../../src/fields.ts'
import { fakeConfiguration } from '../../src/testing/fake-configuration.ts'
import { fakeContainers } from '../../src/testing/fake-containers.ts'
import { fakeEngine, type FakeEngine } from '../../src/testing/fake-engine.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import type { HistoryDocker, Meddling } from './history-docker.ts'
import { contextFiles, filesOf, imageText, readEnvironment } from './random-compose.ts'
import type { Round, Texts } from './random-project.ts'

interface Began {
  readonly environment: Texts
  readonly mounts: Texts
}

/** Docker in memory over a checkout on disk: images are the text of what they were built from, containers keep what they saw as they began. */
export function dockerOverFiles(path: string): HistoryDocker {
  const clock = fakeClock()
  let tracked = new Set<string>()
  const double = fakeEngine()
  const containers = fakeContainers(double)
  const contents = new Map<string, string>()
  const began = new Map<string, Began>()
  let failing: Round['fails'] = 'nothing'
  let built: string[] = []
  let builds = 0
  const content = (image: string): string =>
    contents.get(image) ?? double.store.find(image)?.names[0]?.replace(/:latest$/, '') ?? ''

  const build: Engine['build'] = async ({
    service,
    build: { context, dockerfile = 'Dockerfile', section },
    names,
    labels,
  }) => {
    builds += 1
    if (failing === 'build' || (failing === 'second build' && builds === 2)) throw broken('build_failed')
    const text = readFileSync(resolve(context, dockerfile), 'utf8')
    const [, from = ''] = /^FROM (\S+)/.exec(text) ?? []
    const made = imageText({
      files: contextFiles('.', filesBelow(context)),
      dockerfile: text,
      section: section?.['args'] ?? null,
      base: from === 'shop-web' ? content(double.store.find(from)?.id ?? 'none') : '',
    })
    const { 'fairway.app': app, 'fairway.build-key': buildKey } = labels
    const id = `sha256:${createHash('sha256')
      .update(JSON.stringify([made, labels]))
      .digest('hex')}`
    contents.set(id, made)
    double.store.add({
      id,
      names,
      createdAt: clock.now().toISOString(),
      ...(app ? { app } : {}),
      ...(buildKey ? { buildKey } : {}),
    })
    built.push(service)
    return true
  }
  /** Containers that are new hold what lies on disk now. */
  const remember = (
    project: Project,
    services: readonly Service[],
    environments: ReadonlyMap<string, Texts>,
  ): void => {
    for (const { id, service: name } of double.shown(project.name)) {
      if (began.has(id)) continue
      const service = services.find((one) => one.name === name)
      began.set(id, {
        environment: environments.get(name) ?? {},
        mounts: Object.assign(
          {},
          ...(service?.paths ?? []).map((mounted) => mountedFiles(path, mounted, tracked)),
        ) as Texts,
      })
    }
  }
  const compose: Compose = {
    version: async () => '99.0.0-fake',
    engine: async () => 'fake',
    services: async (project, call) => (await readConfiguration(project, call)).services,
    async build(project, chosen, { labels = {}, timeout }, call) {
      const { services } = await readConfiguration(project)
      for (const { name, build: section, image } of services) {
        if (!section || !chosen.includes(name)) continue
        await build(
          {
            service: name,
            build: section,
            names: [image ?? `${project.name}-${name}`],
            labels: labels[name] ?? {},
          },
          { timeout },
          call,
        )
      }
    },
    async up(project, { services: chosen, force = false, keep = false }) {
      const { services, environments } = await readConfiguration(project)
      if (failing === 'up') throw broken('compose_failed')
      const some = failing === 'half up' ? chosen?.slice(0, 1) : chosen
      containers.up(project, services, { chosen: some, force, keep })
      remember(project, services, environments)
      if (failing === 'half up' || failing === 'after up') throw broken('compose_failed')
    },
    async restart(project, chosen) {
      containers.restart(project, chosen, clock.now().toISOString())
    },
    run: async () => undefined,
    async wouldTouch(project, chosen, call) {
      const { services } = await readConfiguration(project, call)
      return containers.wouldTouch(
        project,
        services.filter(({ name }) => chosen.includes(name)),
      )
    },
  }
  return {
    project: 'shop',
    compose,
    engine: { ...double, build },
    clock,
    filesOf,
    begin(tree, fails) {
      tracked = new Set(Object.keys(filesOf(tree)))
      failing = fails
      builds = 0
    },
    takeBuilt() {
      const taken = built
      built = []
      return taken
    },
    images: async () => double.store.all(),
    containers: async () => double.shown('shop'),
    async checkHeld({ id, service, image: made }, { image, environment, mounts }) {
      const held = { image: content(made), ...began.get(id) }
      expect(held, `what ${service} runs`).toEqual({ image, environment, mounts })
    },
    isMadeFrom: (image, expected) => content(image) === expected.image,
    meddle: async (by) => meddle(double, by),
    close: async () => {},
  }
}

function meddle(double: FakeEngine, { kind, name }: Meddling): void {
  if (kind === 'untagged') double.store.untag(`shop-${name}`)
  const change = (one: Container): readonly Container[] => {
    if (one.service !== name || kind === 'untagged') return [one]
    if (kind === 'removed') return []
    return [kind === 'paused' ? { ...one, state: 'paused' } : { ...one, state: 'exited', exitCode: 137 }]
  }
  double.show('shop', double.shown('shop').flatMap(change))
}

function broken(code: 'build_failed' | 'compose_failed'): DeployError {
  return new DeployError(code === 'build_failed' ? 'compose_failed' : code, 'fails on purpose')
}

/** Services with what their env files say in their environment, as `docker compose config` prints them. */
async function readConfiguration(
  project: Project,
  { relocation }: RelocatedCall = {},
): Promise<{ readonly services: readonly Service[]; readonly environments: ReadonlyMap<string, Texts> }> {
  const files = nodeFiles()
  const read = async (file: string): Promise<string> =>
    (await files.read(relocation ? whereItLies(file, relocation) : file)) ?? ''
  const [file = ''] = project.files
  const config: unknown = JSON.parse(await read(file))
  const environments = new Map<string, Texts>()
  const services: [string, unknown][] = []
  for (const [name, service] of Object.entries(
    isFields(config) && isFields(config['services']) ? config['services'] : {},
  )) {
    if (!isFields(service)) continue
    const { env_file: envFiles, ...others } = service
    const texts = await Promise.all(
      (Array.isArray(envFiles) ? envFiles : []).map((one) => read(join(dirname(file), String(one)))),
    )
    const environment = Object.assign({}, ...texts.map(readEnvironment), service['environment']) as Texts
    environments.set(name, environment)
    services.push([name, { ...others, environment }])
  }
  const text = JSON.stringify({ ...(config as object), services: Object.fromEntries(services) as unknown })
  return { services: await fakeConfiguration(project, { ...files, read: async () => text }), environments }
}

function filesBelow(folder: string): Texts {
  const found: Record<string, string> = {}
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path)
    if (entry.isFile() && name.split('/')[0] !== '.git') found[name] = readFileSync(path, 'utf8')
  }
  return found
}

function mountedFiles(root: string, mounted: string, tracked: ReadonlySet<string>): Texts {
  const place = relative(root, mounted)
  const stat = lstatSync(mounted, { throwIfNoEntry: false })
  if (stat?.isFile()) return { [place]: readFileSync(mounted, 'utf8') }
  if (!stat?.isDirectory()) return {}
  const inside = Object.entries(filesBelow(mounted)).map(
    ([name, text]) => [`${place}/${name}`, text] as const,
  )
  return Object.fromEntries(inside.filter(([name]) => tracked.has(name)))
}
