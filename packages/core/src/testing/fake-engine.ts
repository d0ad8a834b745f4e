import { findLeftovers } from '../decisions/find-leftovers.ts'
import { taggedName } from '../decisions/tagged-name.ts'
import type { Container } from '../domain/container.ts'
import type { Leftover } from '../domain/leftover.ts'
import { DeployError } from '../errors.ts'
import type { Engine } from '../executors/engine.ts'
import type { Call } from '../run.ts'
import { type FakeImages, fakeImages } from './fake-images.ts'

/** An engine in memory. */
export interface FakeEngine extends Engine {
  /** What was asked, such as `containers shop`, `logs web 20`, `build web`, `tag sha256:1 shop-web:latest` and `remove a b`. */
  readonly calls: readonly string[]
  /** The images that it has. */
  readonly store: FakeImages
  /** Sets what the next looks at a project see, in order; the last one stays. */
  readonly show: (project: string, ...looks: readonly (readonly Container[] | 'unavailable')[]) => void
  /** What it shows of a project in the end, without being asked. */
  readonly shown: (project: string) => readonly Container[]
  /** Sets what a container has written, by its id. */
  readonly write: (container: string, ...lines: readonly string[]) => void
  /** Services whose builds take more than one request from now on, instead of those named before: `build` gives false. */
  readonly leaveToCompose: (...services: readonly string[]) => void
  /** Makes a method reject from now on; without an error of your own with `docker_unavailable`. */
  readonly fail: (method: keyof Engine, error?: Error) => void
  /** Makes it work again. */
  readonly mend: (method: keyof Engine) => void
}

/** A container that runs since long ago, with whatever differs. */
export function fakeContainer(changes: Partial<Container> & Pick<Container, 'service'>): Container {
  return {
    id: changes.service,
    name: `${changes.service}-1`,
    image: `sha256:${changes.service}`,
    state: 'running',
    exitCode: 0,
    restartCount: 0,
    startedAt: '2026-01-01T00:00:00.000Z',
    restartPolicy: 'no',
    publishesPort: false,
    addresses: [],
    ...changes,
  }
}

/** An engine that shows what it is told to. */
export function fakeEngine(): FakeEngine {
  const calls: string[] = []
  const looks = new Map<string, (readonly Container[] | 'unavailable')[]>()
  const written = new Map<string, readonly string[]>()
  const failures = new Map<keyof Engine, Error>()
  const store = fakeImages()
  let beyond: readonly string[] = []
  const enter = (method: keyof Engine, call: Call | undefined, asked: string): void => {
    call?.signal?.throwIfAborted()
    calls.push(asked)
    const error = failures.get(method)
    if (error) throw error
  }
  const look = (project: string): readonly Container[] => {
    const given = looks.get(project) ?? []
    const seen = given.length > 1 ? given.shift() : given[0]
    if (seen === 'unavailable') throw unavailable()
    return seen ?? []
  }
  const isThere = (id: string): boolean =>
    [...looks.values()].flat(2).some((shown) => shown !== 'unavailable' && shown.id === id)
  const change = (project: string, changed: (container: Container) => readonly Container[]): void => {
    const given = looks.get(project) ?? []
    looks.set(
      project,
      given.map((seen) => (seen === 'unavailable' ? seen : seen.flatMap(changed))),
    )
  }
  return {
    calls,
    store,
    leaveToCompose: (...services) => void (beyond = services),
    show: (project, ...given) => void looks.set(project, [...given]),
    shown: (project) => looks.get(project)?.findLast((seen) => seen !== 'unavailable') ?? [],
    write: (container, ...lines) => void written.set(container, lines),
    fail: (method, error = unavailable()) => void failures.set(method, error),
    mend: (method) => void failures.delete(method),

    async version(call) {
      enter('version', call, 'version')
      return '0.0.0-fake'
    },
    async containers(project, call) {
      enter('containers', call, `containers ${project}`)
      return look(project)
    },
    async logs(container, lines, call) {
      enter('logs', call, `logs ${container} ${lines}`)
      if (!isThere(container)) {
        throw refuses(`no such container ${container}`)
      }
      return lines === 0 ? [] : (written.get(container) ?? []).slice(-lines)
    },
    async removeLeftovers(project, call) {
      enter('removeLeftovers', call, `leftovers ${project}`)
      const given = looks.get(project) ?? []
      // Whoever waits for the engine sees it come back; other looks are for those who ask for containers.
      const leftovers = findLeftovers(given[0] === 'unavailable' ? look(project) : (given[0] ?? []))
      change(project, (container) => cleared(container, leftovers))
      return leftovers
    },
    async images({ app, names }, call) {
      enter('images', call, `images ${app}`)
      const wanted = new Set([...names, ...names.map(taggedName)])
      const isWanted = (name: string): boolean => wanted.has(name)
      return store.all().filter(({ id, names: own, app: of }) => of === app || [id, ...own].some(isWanted))
    },
    async tag(image, name, call) {
      enter('tag', call, `tag ${image} ${name}`)
      const found = store.find(image)
      if (!found) throw refuses(`No such image: ${image}`)
      store.add({ ...found, names: [name] })
    },
    async untag(names, call) {
      enter('untag', call, `untag ${names.join(' ')}`)
      for (const name of names) store.untag(name)
    },
    async removeImages(ids, call) {
      enter('removeImages', call, `remove images ${ids.join(' ')}`)
      const isUsed = (id: string): boolean =>
        [...looks.values()].flat(2).some((shown) => shown !== 'unavailable' && shown.image === id)
      return ids.filter((id) => !isUsed(id) && store.remove(id))
    },
    async removeContainers(ids, call) {
      enter('removeContainers', call, ['remove', ...ids].join(' '))
      for (const project of looks.keys()) {
        change(project, (container) => (ids.includes(container.id) ? [] : [container]))
      }
    },
    async storage(call) {
      enter('storage', call, 'storage')
      return '/var/lib/docker'
    },
    async build({ service, names, labels }, _options, call) {
      enter('build', call, `build ${service}`)
      if (beyond.includes(service)) return false
      store.make(service, names, labels)
      return true
    },
  }
}

function unavailable(): DeployError {
  return new DeployError('docker_unavailable', 'The Docker engine does not answer')
}

function refuses(why: string): DeployError {
  return new DeployError('docker_unavailable', `The Docker engine refuses: ${why}`)
}

function cleared(container: Container, leftovers: readonly Leftover[]): readonly Container[] {
  const leftover = leftovers.find(({ id }) => id === container.id)
  if (!leftover) return [container]
  return leftover.rightful === undefined ? [] : [{ ...container, name: leftover.rightful }]
}
