import { posix } from 'node:path'
import { parse } from 'yaml'
import { readServices } from '../decisions/read-services.ts'
import type { Project, Service } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import { type Fields, isFields } from '../fields.ts'
import type { Files } from '../executors/files.ts'

/** The services of a project's first Compose file, as far as a double needs them: no variables, no `extends`, no profiles. */
export async function fakeConfiguration(
  { files: [file = ''], directory }: Project,
  files: Files,
): Promise<readonly Service[]> {
  const parsed = parseFile(file, (await files.read(file)) ?? '')
  if (!isFields(parsed) || !isFields(parsed['services']))
    throw new DeployError('compose_invalid', `Compose refuses ${file}: it has no services`)
  const absolute = (path: unknown): unknown =>
    typeof path === 'string' && !path.includes('://') ? posix.resolve(directory, path) : path
  const services = Object.entries(parsed['services']).map(([name, service]) => [
    name,
    resolveService(isFields(service) ? service : {}, absolute),
  ])
  const resolved = {
    ...parsed,
    services: Object.fromEntries(services) as unknown,
    configs: withFiles(parsed['configs'], absolute),
    secrets: withFiles(parsed['secrets'], absolute),
  }
  return readServices(JSON.stringify(resolved))
}

function parseFile(file: string, text: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    throw new DeployError('compose_invalid', `Compose refuses ${file}: it is no YAML`, { cause })
  }
}

type Absolute = (path: unknown) => unknown

/** Short forms in the long one that `compose config` prints. */
function resolveService(service: Fields, absolute: Absolute): Fields {
  const { build, volumes, depends_on: dependsOn, environment, configs, secrets } = service
  return {
    ...service,
    ...(build === undefined ? {} : { build: resolveBuild(build, absolute) }),
    ...(Array.isArray(volumes) ? { volumes: volumes.map((mount) => resolveMount(mount, absolute)) } : {}),
    ...(Array.isArray(dependsOn) ? { depends_on: dependencies(dependsOn) } : {}),
    ...(Array.isArray(environment) ? { environment: variables(environment) } : {}),
    ...(Array.isArray(configs) ? { configs: configs.map(asSource) } : {}),
    ...(Array.isArray(secrets) ? { secrets: secrets.map(asSource) } : {}),
  }
}

function resolveBuild(build: unknown, absolute: Absolute): Fields {
  const long: Fields = isFields(build) ? build : { context: build }
  return { dockerfile: 'Dockerfile', ...long, context: absolute(long['context'] ?? '.') }
}

function resolveMount(mount: unknown, absolute: Absolute): unknown {
  if (isFields(mount))
    return mount['type'] === 'bind' ? { ...mount, source: absolute(mount['source']) } : mount
  const [source = '', target] = String(mount).split(':')
  const isPath = source.startsWith('.') || source.startsWith('/')
  return { type: isPath ? 'bind' : 'volume', source: isPath ? absolute(source) : source, target }
}

function dependencies(names: readonly unknown[]): Fields {
  const needs = { condition: 'service_started', required: true }
  return Object.fromEntries(names.map((name) => [String(name), needs]))
}

function variables(lines: readonly unknown[]): Fields {
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = String(line).split('=')
      return [name, value.join('=')]
    }),
  )
}

function asSource(entry: unknown): unknown {
  return typeof entry === 'string' ? { source: entry } : entry
}

function withFiles(section: unknown, absolute: Absolute): unknown {
  if (!isFields(section)) return section
  const entries = Object.entries(section).map(([name, entry]) => [
    name,
    isFields(entry) && 'file' in entry ? { ...entry, file: absolute(entry['file']) } : entry,
  ])
  return Object.fromEntries(entries) as unknown
}
