import { createHash } from 'node:crypto'
import type { Container } from '../domain/container.ts'
import type { Project, Service } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import { fakeContainer, type FakeEngine } from './fake-engine.ts'

/** Containers as Compose brings them about in the double of an engine. */
export interface FakeContainers {
  /** `up -d`: of the whole project, or of some services alone, without building their images. */
  readonly up: (
    project: Project,
    services: readonly Service[],
    options: {
      readonly chosen?: readonly string[] | undefined
      readonly force: boolean
      readonly keep: boolean
    },
  ) => void
  /** Names of the services whose containers `up` would not leave as they are. */
  readonly wouldTouch: (project: Project, services: readonly Service[]) => readonly string[]
  readonly restart: (project: Project, services: readonly string[], startedAt: string) => void
  /** Builds a service's image. */
  readonly build: (project: Project, service: Service, labels?: Readonly<Record<string, string>>) => void
}

/** What Compose makes containers of: recreated are those whose configuration or image differs. */
export function fakeContainers(engine: FakeEngine): FakeContainers {
  const made = new Map<string, number>()
  const newId = (service: string): string => {
    const count = (made.get(service) ?? 0) + 1
    made.set(service, count)
    return count === 1 ? service : `${service}-${count}`
  }
  const create = (project: Project, service: Service, name: string): Container =>
    fakeContainer({
      service: service.name,
      id: newId(service.name),
      name,
      image: engine.store.find(imageName(project, service))?.id ?? '',
      configHash: configHash(service),
    })
  const isCurrent = (project: Project, service: Service, container: Container): boolean =>
    container.configHash === configHash(service) &&
    container.image === engine.store.find(imageName(project, service))?.id

  const build: FakeContainers['build'] = (project, service, labels) =>
    void engine.store.make(service.name, [imageName(project, service)], labels)

  const provide = (project: Project, service: Service, mayBuild: boolean): void => {
    const name = imageName(project, service)
    if (engine.store.find(name)) return
    if (!service.build) return engine.store.add({ id: `sha256:${name}`, names: [name], createdAt })
    if (mayBuild) return build(project, service)
    throw new DeployError(
      'compose_failed',
      `Cannot bring up project ${project.name}: Error response from daemon: No such image: ${name}`,
    )
  }

  return {
    build,
    up(project, services, { chosen, force, keep }) {
      const wanted = services.filter(({ name }) => chosen?.includes(name) ?? true)
      for (const service of wanted) provide(project, service, chosen === undefined)
      const before = engine.shown(project.name)
      const others = before.filter(({ service }) => !wanted.some(({ name }) => name === service))
      const differs = (service: Service): boolean =>
        force || before.some((one) => one.service === service.name && !isCurrent(project, service, one))
      const recreated = withDependants(wanted, new Set(wanted.filter(differs).map(({ name }) => name)))
      const after = wanted.flatMap((service) =>
        names(project, service).map((name) => {
          const container = before.find((one) => one.service === service.name && one.name === name)
          if (!container || (!keep && recreated.has(service.name))) return create(project, service, name)
          return container.state === 'running' ? container : started(container)
        }),
      )
      engine.show(project.name, [...others, ...after])
    },
    wouldTouch(project, services) {
      const now = engine.shown(project.name)
      const untouched = (service: Service): boolean => {
        const own = now.filter((container) => container.service === service.name)
        const asWanted = own.filter(
          (container) => container.state === 'running' && isCurrent(project, service, container),
        )
        return own.length === service.replicas && asWanted.length === own.length
      }
      return services.filter((service) => !untouched(service)).map(({ name }) => name)
    },
    restart(project, services, startedAt) {
      const containers = engine.shown(project.name)
      engine.show(
        project.name,
        containers.map((one) => (services.includes(one.service) ? { ...started(one), startedAt } : one)),
      )
    },
  }
}

/** Compose recreates what depends on something that it recreates in the same call. */
function withDependants(services: readonly Service[], recreated: ReadonlySet<string>): ReadonlySet<string> {
  const further = services.filter(
    ({ name, dependsOn = [] }) =>
      !recreated.has(name) && dependsOn.some(({ service }) => recreated.has(service)),
  )
  if (further.length === 0) return recreated
  return withDependants(services, new Set([...recreated, ...further.map(({ name }) => name)]))
}

const createdAt = '2026-01-01T00:00:00.000Z'

function imageName({ name: project }: Project, { name, image }: Service): string {
  return image ?? `${project}-${name}`
}

function names({ name: project }: Project, { name, replicas }: Service): readonly string[] {
  return Array.from({ length: replicas }, (_, index) => `${project}-${name}-${index + 1}`)
}

function configHash({ configuration, image = '' }: Service): string {
  return createHash('sha256').update(`${configuration} ${image}`).digest('hex')
}

function started(container: Container): Container {
  return { ...container, state: 'running', exitCode: 0 }
}
