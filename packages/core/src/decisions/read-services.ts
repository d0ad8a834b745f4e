import { createHash } from 'node:crypto'
import { parse as parseYaml } from 'yaml'
import type { Build, Service } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import { type Fields, isFields } from '../fields.ts'

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
  const build = service['build']
  const deploy = service['deploy']
  const replicas = service['scale'] ?? (isFields(deploy) ? deploy['replicas'] : undefined)
  const paths = [
    ...bindMounts(service),
    ...filesOf('configs', service, config),
    ...filesOf('secrets', service, config),
  ]
  return {
    name,
    replicas: typeof replicas === 'number' ? replicas : 1,
    ...(isFields(build) ? { build: readBuild(build) } : {}),
    ...(paths.length > 0 ? { paths } : {}),
  }
}

function bindMounts({ volumes }: Fields): readonly string[] {
  return (Array.isArray(volumes) ? volumes : []).flatMap((mount: unknown) =>
    isFields(mount) && mount['type'] === 'bind' && typeof mount['source'] === 'string'
      ? [mount['source']]
      : [],
  )
}

/** Files behind the configs or secrets that a service names. */
function filesOf(section: 'configs' | 'secrets', service: Fields, config: Fields): readonly string[] {
  const [used, defined] = [service[section], config[section]]
  return (Array.isArray(used) ? used : []).flatMap((entry: unknown) => {
    const source = isFields(entry) ? entry['source'] : undefined
    const found = isFields(defined) && typeof source === 'string' ? defined[source] : undefined
    return isFields(found) && typeof found['file'] === 'string' ? [found['file']] : []
  })
}

function readBuild(build: Fields): Build {
  const { context, dockerfile, additional_contexts: additional } = build
  return {
    context: typeof context === 'string' ? context : '.',
    additionalContexts: isFields(additional)
      ? Object.values(additional).filter((value) => typeof value === 'string')
      : [],
    digest: `sha256:${createHash('sha256').update(canonical(build)).digest('hex')}`,
    // With an inline Dockerfile Compose still names the file it would have read.
    ...(typeof dockerfile === 'string' && build['dockerfile_inline'] === undefined ? { dockerfile } : {}),
  }
}

/** JSON with sorted keys: the same section gives the same text, whatever order Compose prints it in. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isFields(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
