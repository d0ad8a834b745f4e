import { isAbsolute, join } from 'node:path'
import { type Fields, isFields } from '../fields.ts'

/** A path that a Compose file names, absolute. */
export interface Reference {
  /** Where it stands, such as `services.web.env_file`. */
  readonly key: string
  readonly path: string
  /** Compose reads it as a Compose file, whose own paths begin in `directory`. */
  readonly compose?: { readonly directory: string }
}

/** What a Compose file names of other files, as far as it can be told before variables are replaced. */
export interface References {
  readonly local: readonly Reference[]
  /** Values of `include` and `extends` that Compose would fetch from elsewhere. */
  readonly remote: readonly { readonly key: string; readonly value: string }[]
  readonly profiles: readonly string[]
}

/** Reads the references of one YAML document; relative paths begin in `directory`. */
export function readReferences(document: unknown, directory: string): References {
  const local: Reference[] = []
  const remote: { key: string; value: string }[] = []
  const profiles: string[] = []
  const at = (path: string, base = directory): string => (isAbsolute(path) ? path : join(base, path))
  const read = (key: string, value: unknown, base = directory): void => {
    if (typeof value === 'string' && isPlain(value)) local.push({ key, path: at(value, base) })
  }
  const readCompose = (key: string, value: unknown, own?: (path: string) => string): void => {
    if (typeof value !== 'string') return
    if (isRemote(value)) remote.push({ key, value })
    else if (isPlain(value)) {
      const path = at(value)
      local.push({ key, path, compose: { directory: own?.(path) ?? join(path, '..') } })
    }
  }

  const fields = isFields(document) ? document : {}
  for (const include of list(fields['include'])) {
    const { path = include, project_directory: given, env_file: env }: Fields = isFields(include) ? include : {}
    const paths = list(path)
    const [first] = paths
    const own = typeof given === 'string' && isPlain(given) ? at(given) : undefined
    const folder = own ?? (typeof first === 'string' ? join(at(first), '..') : directory)
    for (const one of paths) readCompose('include', one, () => folder)
    // Compose reads the `.env` beside an included file by itself.
    if (env === undefined) local.push({ key: 'include', path: join(folder, '.env') })
    else for (const one of list(env)) read('include.env_file', one)
  }
  for (const [name, service] of entries(fields['services'])) {
    const key = `services.${name}`
    profiles.push(...list(service['profiles']).filter((profile) => typeof profile === 'string'))
    if (isFields(service['extends'])) readCompose(`${key}.extends.file`, service['extends']['file'])
    for (const file of list(service['env_file'])) {
      read(`${key}.env_file`, isFields(file) ? file['path'] : file)
    }
    for (const file of list(service['label_file'])) read(`${key}.label_file`, file)
    for (const reference of buildReferences(service['build'])) {
      read(`${key}.build.${reference.key}`, reference.path, at(reference.base ?? ''))
    }
  }
  for (const section of ['configs', 'secrets']) {
    for (const [name, one] of entries(fields[section])) read(`${section}.${name}.file`, one['file'])
  }
  return { local, remote, profiles }
}

interface BuildReference {
  readonly key: string
  readonly path: unknown
  /** Folder that the path begins in, itself relative; default: the Compose file's. */
  readonly base?: string
}

function buildReferences(build: unknown): readonly BuildReference[] {
  const section: Fields = isFields(build) ? build : { context: build }
  const { context = '.', dockerfile = 'Dockerfile', dockerfile_inline: inline } = section
  const additional = section['additional_contexts']
  const contexts = isFields(additional)
    ? Object.values(additional)
    : list(additional).map((entry) => (typeof entry === 'string' ? entry.replace(/^[^=]*=/, '') : entry))
  if (build === undefined || typeof context !== 'string') return []
  const others = contexts.map((path) => ({ key: 'additional_contexts', path }))
  if (!isPlain(context) || !isFolder(context)) return others.filter(isLocal)
  const ignore = { key: 'dockerignore', path: '.dockerignore', base: context }
  const own = { key: 'dockerfile', path: dockerfile, base: context }
  return [
    { key: 'context', path: context },
    ...(inline === undefined ? [own, ignore] : [ignore]),
    ...others.filter(isLocal),
  ]
}

function isLocal({ path }: BuildReference): boolean {
  return typeof path === 'string' && isFolder(path)
}

/** Contexts may be URLs, images or other services as well. */
function isFolder(context: string): boolean {
  return !isRemote(context) && !/^(?:service|target):/.test(context)
}

/** As Compose and BuildKit tell it: any scheme, `user@host:path`, or GitHub without a scheme. */
function isRemote(path: string): boolean {
  return path.includes('://') || /^[\w.-]+@[\w.-]+:/.test(path) || path.startsWith('github.com/')
}

/** Whether no variable stands in it: then its value is known before Compose replaces them. */
function isPlain(value: string): boolean {
  return value !== '' && !value.includes('$') && !value.includes('\0')
}

function list(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value].flat()
}

function entries(section: unknown): readonly (readonly [string, Fields])[] {
  if (!isFields(section)) return []
  return Object.entries(section).map(([name, value]) => [name, isFields(value) ? value : {}])
}
