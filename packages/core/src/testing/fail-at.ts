import type { Clock } from '../executors/clock.ts'
import type { Commands } from '../executors/commands.ts'
import type { Compose } from '../executors/compose.ts'
import type { Engine } from '../executors/engine.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Locks } from '../executors/locks.ts'
import type { Probe } from '../executors/probe.ts'

/** Executors whose calls are counted together. */
export interface FailingAt<World extends object> {
  readonly world: World
  /** The calls so far, in order, such as `git.fetch`. */
  readonly calls: readonly string[]
}

/**
 * The same executors, of which the `n`-th call (from 1, over all of them) rejects instead of doing its work. With an `n` that is
 * never reached, `calls` tells how many there are: run once so, then once for each, to see a pipeline fail at every point.
 */
export function failAt<World extends object>(
  n: number,
  world: World,
  error: Error = new Error(`call ${n} fails on purpose`),
): FailingAt<World> {
  const calls: string[] = []
  const enter = (call: string): void => {
    calls.push(call)
    if (calls.length === n) throw error
  }
  const wrapped = Object.entries(world).map(([name, executor]) => [name, wrap(name, executor, enter)])
  return { world: Object.fromEntries(wrapped) as World, calls }
}

function wrap(name: string, executor: unknown, enter: (call: string) => void): unknown {
  if (typeof executor !== 'object' || executor === null) return executor
  return new Proxy(executor, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function' || typeof key === 'symbol' || !isCall(name, key)) return value
      const method = value.bind(target) as (...given: readonly unknown[]) => unknown
      return async (...given: readonly unknown[]) => {
        enter(`${name}.${key}`)
        return method(...given)
      }
    },
  })
}

/** What of a double belongs to its executor: its scripting methods never fail. Of your own executors everything counts. */
function isCall(name: string, method: string): boolean {
  const known = (methods as Readonly<Record<string, object>>)[name]
  return known === undefined || Object.hasOwn(known, method)
}

/** Complete by their types; of a clock only what takes time. */
const methods: {
  readonly git: Readonly<Record<keyof Git, true>>
  readonly compose: Readonly<Record<keyof Compose, true>>
  readonly engine: Readonly<Record<keyof Engine, true>>
  readonly files: Readonly<Record<keyof Files, true>>
  readonly locks: Readonly<Record<keyof Locks, true>>
  readonly clock: Readonly<Record<Exclude<keyof Clock, 'now' | 'monotonic'>, true>>
  readonly probe: Readonly<Record<keyof Probe, true>>
  readonly commands: Readonly<Record<keyof Commands, true>>
} = {
  git: {
    version: true,
    head: true,
    create: true,
    defaultBranch: true,
    fetch: true,
    fetchNamed: true,
    prepare: true,
    inTheWay: true,
    keepEdits: true,
    keepCommits: true,
    advance: true,
    moveTo: true,
    changedFiles: true,
    isTracked: true,
    deployed: true,
    readState: true,
    writeState: true,
    recordDeployed: true,
    tip: true,
    describe: true,
    contents: true,
    listFiles: true,
    readFile: true,
    exportTo: true,
    messages: true,
    releases: true,
    keepRelease: true,
    dropReleases: true,
    holds: true,
    changeHolds: true,
  },
  compose: {
    version: true,
    engine: true,
    services: true,
    build: true,
    up: true,
    restart: true,
    run: true,
    wouldTouch: true,
  },
  engine: {
    version: true,
    containers: true,
    logs: true,
    removeLeftovers: true,
    images: true,
    tag: true,
    untag: true,
    removeImages: true,
    removeContainers: true,
    storage: true,
    build: true,
  },
  files: {
    read: true,
    digest: true,
    exists: true,
    realPath: true,
    readLink: true,
    modifiedAt: true,
    remove: true,
    freeSpace: true,
  },
  locks: { take: true },
  clock: { sleep: true },
  probe: { ask: true },
  commands: { run: true },
}
