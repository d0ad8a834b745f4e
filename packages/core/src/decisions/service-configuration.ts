import { createHash } from 'node:crypto'
import type { Service } from '../domain/project.ts'
import { type Fields, isFields } from '../fields.ts'

type Configuration = Required<Pick<Service, 'configuration' | 'environment' | 'sections'>>

/**
 * Digests of what a container is made from: a service's section of a resolved configuration and the definitions of what it uses.
 * Left out is what Compose recreates nothing for, and `env_file`, whose content is in the environment.
 */
export function serviceConfiguration(name: string, service: Fields, config: Fields): Configuration {
  const parts = Object.entries(service).filter(([key]) => !leftOut.has(key) && key !== 'environment')
  const section = parts.map(([key, value]) => [key, plain(key, value)] as const)
  const definitions = definitionKinds.flatMap((kind) => usedDefinitions(kind, service, config))
  const named = [...section, ...definitions].filter(([, value]) => value !== null && value !== undefined)
  const variables = Object.entries(isFields(service['environment']) ? service['environment'] : {})
  const sections = shortDigests(name, named)
  return {
    configuration: `sha256:${hash(canonical([Object.fromEntries(named), Object.fromEntries(variables)]))}`,
    environment: shortDigests(name, variables),
    sections,
  }
}

/** JSON with sorted keys: the same section gives the same text, whatever order Compose prints it in. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isFields(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

const leftOut = new Set(['build', 'depends_on', 'develop', 'env_file', 'profiles', 'pull_policy', 'scale'])

/** A part without what Compose itself passes over. */
function plain(key: string, value: unknown): unknown {
  if (!isFields(value)) return value
  if (key === 'deploy') {
    const { replicas: _, ...deploy } = value
    return isEmpty(deploy) ? null : deploy
  }
  if (key !== 'labels') return value
  const own = Object.entries(value).filter(([label]) => !label.startsWith('com.docker.compose.'))
  return own.length === 0 ? null : Object.fromEntries(own)
}

/** Compose prints a deploy section with empty ones in it where only replicas were given. */
function isEmpty(section: Fields): boolean {
  return Object.values(section).every((value) => isFields(value) && isEmpty(value))
}

const definitionKinds = ['networks', 'volumes', 'configs', 'secrets'] as const

/** What a service uses of the project's networks, volumes, configs and secrets, as it is defined there. */
function usedDefinitions(
  kind: (typeof definitionKinds)[number],
  service: Fields,
  config: Fields,
): readonly (readonly [string, unknown])[] {
  const [used, defined] = [service[kind], config[kind]]
  if (!isFields(defined)) return []
  const names = isFields(used) ? Object.keys(used) : sourcesOf(used)
  return [...new Set(names)]
    .toSorted()
    .flatMap((name) => (Object.hasOwn(defined, name) ? [[`${kind}.${name}`, defined[name]] as const] : []))
}

function sourcesOf(used: unknown): readonly string[] {
  return (Array.isArray(used) ? used : []).flatMap((entry: unknown) => {
    const source = isFields(entry) ? entry['source'] : entry
    return typeof source === 'string' ? [source] : []
  })
}

/** Eight digits are enough to tell that a value changed, and too few to tell what it was. */
export function shortDigests(
  service: string,
  values: readonly (readonly [string, unknown])[],
): Readonly<Record<string, string>> {
  const digest = (key: string, value: unknown): string =>
    hash(['fairway', service, key, canonical(value)].join('\0')).slice(0, 8)
  return Object.fromEntries(values.map(([key, value]) => [key, digest(key, value)]))
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
