import type { Service } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import type { Compose } from '../executors/compose.ts'
import type { Call } from '../run.ts'

/** A Compose in memory. */
export interface FakeCompose extends Compose {
  /** What was to be changed, such as `build shop web`, `build --pull shop web`, `up shop`, `up shop web`, `recreate shop web` (`up`, forced), `start shop web` (`up` that keeps what is there) and `restart shop web`. */
  readonly calls: readonly string[]
  /** What every project consists of from now on; `invalid`: files that Compose refuses. */
  readonly define: (services: readonly Service[] | 'invalid') => void
  /** Variables that every project asks for and that have no value, from now on. */
  readonly unset: (...names: readonly string[]) => void
  /** Makes a method reject from now on; without an error of your own with what Compose would fail with. */
  readonly fail: (method: keyof Compose, error?: Error) => void
  /** Makes it work again. */
  readonly mend: (method: keyof Compose) => void
  /** Names of the services that were brought up in a project. */
  readonly running: (project: string) => readonly string[]
}

/** A Compose that knows these services, builds nothing and starts nothing. */
export function fakeCompose({ services = [] }: { readonly services?: readonly Service[] } = {}): FakeCompose {
  const calls: string[] = []
  const failures = new Map<keyof Compose, Error>()
  const started = new Map<string, readonly string[]>()
  let defined: readonly Service[] | 'invalid' = services
  let withoutValue: readonly string[] = []

  const enter = (method: keyof Compose, call: Call | undefined, changes?: string): void => {
    call?.signal?.throwIfAborted()
    if (changes !== undefined) calls.push(changes)
    const error = failures.get(method)
    if (error) throw error
  }
  const current = (): readonly Service[] => {
    if (defined !== 'invalid') return defined
    throw new DeployError('compose_invalid', 'Compose refuses compose.yaml: invalid on purpose')
  }
  const known = (doing: string, project: string, chosen: readonly string[]): void => {
    const names = current().map(({ name }) => name)
    const unknown = chosen.find((service) => !names.includes(service))
    if (unknown === undefined) return
    const what = `Cannot ${doing} ${chosen.join(', ')} of project ${project}`
    throw new DeployError('compose_failed', `${what}: no such service: ${unknown}`)
  }

  return {
    calls,
    define: (given) => void (defined = given),
    unset: (...names) => void (withoutValue = names),
    fail: (method, error = failure(method)) => void failures.set(method, error),
    mend: (method) => void failures.delete(method),
    running: (project) => started.get(project) ?? [],

    async version(call) {
      enter('version', call)
      return '99.0.0-fake'
    },
    async engine(call) {
      enter('engine', call)
      return 'fake'
    },
    async services(_project, call) {
      enter('services', call)
      const found = current()
      for (const name of withoutValue) call?.unset?.(name)
      return found
    },
    async build({ name }, chosen, { pull = false }, call) {
      enter('build', call, ['build', ...(pull ? ['--pull'] : []), name, ...chosen].join(' '))
      known('build', name, chosen)
    },
    async up({ name }, { services: chosen, force = false, keep = false }, call) {
      const word = keep ? 'start' : 'up'
      enter('up', call, [force ? 'recreate' : word, name, ...(chosen ?? [])].join(' '))
      known('bring up', name, chosen ?? [])
      const up = chosen ?? current().map((service) => service.name)
      started.set(name, [...new Set([...(started.get(name) ?? []), ...up])])
    },
    async restart({ name }, chosen, _options, call) {
      enter('restart', call, ['restart', name, ...chosen].join(' '))
      known('restart', name, chosen)
    },
    async run({ name }, service, _options, call) {
      enter('run', call, `run ${name} ${service}`)
      known('run', name, [service])
    },
    async wouldTouch({ name }, chosen, call) {
      enter('wouldTouch', call)
      known('foresee', name, chosen)
      return chosen.filter((service) => !started.get(name)?.includes(service))
    },
  }
}

function failure(method: keyof Compose): DeployError {
  const code = method === 'version' || method === 'engine' ? 'docker_unavailable' : 'compose_failed'
  return new DeployError(method === 'services' ? 'compose_invalid' : code, `Compose failed to ${method}`)
}
