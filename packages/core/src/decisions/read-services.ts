import { createHash } from 'node:crypto'
import { parse as parseYaml } from 'yaml'
import type { Build, BuildSecret, Service } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import { type Fields, isFields } from '../fields.ts'
import { readDependencies } from './read-dependencies.ts'
import { shownSection } from './shown-section.ts'
import { canonical, serviceConfiguration, shortDigests } from './service-configuration.ts'

/** The services in the output of `docker compose config`, in JSON or YAML. */
export function readServices(text: string, format: 'json' | 'yaml' = 'json'): readonly Service[] {
  const config = format === 'json' ? parseJson(text) : parseYaml(text)
  const services = isFields(config) ? config['services'] : undefined
  if (!isFields(services)) {
    throw new DeployError('compose_invalid', 'docker compose config printed no services', {
      hint: 'Check the Compose files with docker compose config --format json',
    })
  }
  return Object.entries(services).map(([name, service]) =>
    readService(name, isFields(service) ? service : {}, config as Fields),
  )
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new DeployError('compose_invalid', 'docker compose config printed no JSON', { cause })
  }
}

function readService(name: string, service: Fields, config: Fields): Service {
  const { build, deploy, image, platform, pull_policy: pullPolicy } = service
  const replicas = service['scale'] ?? (isFields(deploy) ? deploy['replicas'] : undefined)
  const paths = [...bindMounts(service), ...sourcesOf('file', service, config)]
  const variables = sourcesOf('environment', service, config)
  const dependsOn = readDependencies(service)
  return {
    name,
    replicas: typeof replicas === 'number' ? replicas : 1,
    ...(isFields(build) ? { build: readBuild(name, build, config) } : {}),
    ...(typeof image === 'string' ? { image } : {}),
    ...(typeof pullPolicy === 'string' ? { pullPolicy } : {}),
    ...(typeof platform === 'string' ? { platform } : {}),
    ...(paths.length > 0 ? { paths } : {}),
    ...(variables.length > 0 ? { variables } : {}),
    ...(dependsOn.length > 0 ? { dependsOn } : {}),
    ...serviceConfiguration(name, service, config),
    section: shownSection(service),
  }
}

function bindMounts({ volumes }: Fields): readonly string[] {
  return (Array.isArray(volumes) ? volumes : []).flatMap((mount: unknown) =>
    isFields(mount) && mount['type'] === 'bind' && typeof mount['source'] === 'string'
      ? [mount['source']]
      : [],
  )
}

/** Where the configs and secrets that a service names come from: their files, or variables. */
function sourcesOf(from: 'file' | 'environment', service: Fields, config: Fields): readonly string[] {
  return (['configs', 'secrets'] as const).flatMap((kind) => {
    const [used, defined] = [service[kind], config[kind]]
    return (Array.isArray(used) ? used : []).flatMap((entry: unknown) => {
      const source = isFields(entry) ? entry['source'] : undefined
      const found = isFields(defined) && typeof source === 'string' ? defined[source] : undefined
      const value = isFields(found) ? found[from] : undefined
      return typeof value === 'string' ? [value] : []
    })
  })
}

function readBuild(service: string, build: Fields, config: Fields): Build {
  const { context, dockerfile, additional_contexts: additional } = build
  const secrets = readSecrets(build, config)
  return {
    context: typeof context === 'string' ? context : '.',
    additionalContexts: isFields(additional)
      ? Object.values(additional).filter((value) => typeof value === 'string')
      : [],
    section: build,
    sections: shortDigests(service, partsOf(build)),
    digest: `sha256:${createHash('sha256').update(canonical(build)).digest('hex')}`,
    // With an inline Dockerfile Compose still names the file it would have read.
    ...(typeof dockerfile === 'string' && build['dockerfile_inline'] === undefined ? { dockerfile } : {}),
    ...(secrets.length > 0 ? { secrets } : {}),
  }
}

function readSecrets({ secrets }: Fields, config: Fields): readonly BuildSecret[] {
  const defined = isFields(config['secrets']) ? config['secrets'] : {}
  return (Array.isArray(secrets) ? secrets : []).flatMap((entry: unknown) => {
    const name = isFields(entry) ? entry['source'] : entry
    if (typeof name !== 'string') return []
    const found = Object.hasOwn(defined, name) ? defined[name] : undefined
    const { file, environment } = isFields(found) ? found : {}
    return [
      {
        name,
        ...(typeof file === 'string' ? { file } : {}),
        ...(typeof environment === 'string' ? { environment } : {}),
      },
    ]
  })
}

/** Its entries, those of its arguments each by itself. */
function partsOf(build: Fields): readonly (readonly [string, unknown])[] {
  return Object.entries(build).flatMap(([key, value]) =>
    key === 'args' && isFields(value)
      ? Object.entries(value).map(([name, argument]) => [`args.${name}`, argument] as const)
      : [[key, value] as const],
  )
}
