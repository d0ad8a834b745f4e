import { dirname, isAbsolute, join } from 'node:path'
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
  /** Whether it names a file to be read whose path can't be told yet. */
  readonly untold: boolean
}

/** Reads the references of one YAML document; relative paths begin in `directory`. */
export function readReferences(document: unknown, directory: string): References {
  const fields = isFields(document) ? document : {}
  const services = entries(fields['services'])
  const named = [
    ...list(fields['include']).flatMap((include) => includeReferences(include, directory)),
    ...services.flatMap(([name, service]) => serviceReferences(`services.${name}`, service)),
    ...['configs', 'secrets'].flatMap((section) =>
      entries(fields[section]).map(([name, { file }]) => ({ key: `${section}.${name}.file`, value: file })),
    ),
  ].filter(isText)
  return {
    local: named.filter(isLocal).map(({ key, value, base = '', compose }) => {
      const path = at(value, at(base, directory))
      return { key, path, ...(compose ? { compose: { directory: compose.directory ?? dirname(path) } } : {}) }
    }),
    remote: named.filter(({ value, compose }) => compose && isRemote(value)),
    untold: named.some(({ key, value }) => isRead(key) && (value.startsWith('~') || !isPlain(value))),
    profiles: services.flatMap(([, { profiles }]) => list(profiles).filter((one) => typeof one === 'string')),
  }
}

interface Named {
  readonly key: string
  readonly value: unknown
  /** Folder that the value begins in, itself relative; default: the Compose file's. */
  readonly base?: string
  /** A Compose file; `directory`: where its own paths begin, by default in its own folder. */
  readonly compose?: { readonly directory?: string }
}

function includeReferences(include: unknown, base: string): readonly Named[] {
  const section: Fields = isFields(include) ? include : { path: include }
  const { project_directory: given, env_file: env } = section
  const paths = list(section['path'])
  const [first] = paths
  if (first === undefined) return []
  const beside = typeof first === 'string' ? dirname(at(first, base)) : base
  const directory = typeof given === 'string' && isPlain(given) ? at(given, base) : beside
  return [
    ...paths.map((value) => ({ key: 'include', value, compose: { directory } })),
    // Compose reads the `.env` beside an included file by itself.
    ...list(env ?? join(directory, '.env')).map((value) => ({ key: 'include.env_file', value })),
  ]
}

function serviceReferences(key: string, service: Fields): readonly Named[] {
  const { extends: parent, env_file: env, label_file: labels, build } = service
  return [
    ...(isFields(parent) ? [{ key: `${key}.extends.file`, value: parent['file'], compose: {} }] : []),
    ...list(env).map((file) => ({ key: `${key}.env_file`, value: isFields(file) ? file['path'] : file })),
    ...list(labels).map((value) => ({ key: `${key}.label_file`, value })),
    ...(build === undefined
      ? []
      : buildReferences(`${key}.build`, isFields(build) ? build : { context: build })),
  ]
}

function buildReferences(key: string, build: Fields): readonly Named[] {
  const { context = '.', dockerfile = 'Dockerfile', dockerfile_inline: inline } = build
  const additional = build['additional_contexts']
  const contexts = isFields(additional)
    ? Object.values(additional)
    : list(additional).map((entry) => (typeof entry === 'string' ? entry.replace(/^[^=]*=/, '') : entry))
  const others = contexts.map((value) => ({ key: `${key}.additional_contexts`, value }))
  if (typeof context !== 'string' || !isPlain(context) || isRemote(context)) return others
  return [
    { key: `${key}.context`, value: context },
    ...(inline === undefined ? [{ key: `${key}.dockerfile`, value: dockerfile, base: context }] : []),
    { key: `${key}.dockerignore`, value: '.dockerignore', base: context },
    ...others,
  ]
}

/** Whether Compose itself reads what stands there, and does not only pass on its path. */
function isRead(key: string): boolean {
  return key.startsWith('include') || /\.(?:extends\.file|env_file|label_file)$/.test(key)
}

type NamedText = Named & { readonly value: string }

function isText(named: Named): named is NamedText {
  return typeof named.value === 'string'
}

/** Whether it is a path here. Contexts may be URLs, images or other services as well. */
function isLocal({ value }: NamedText): boolean {
  return isPlain(value) && !isRemote(value) && !/^(?:service|target):/.test(value)
}

/** As Compose and BuildKit tell it: any scheme, `user@host:path`, or GitHub without a scheme. */
function isRemote(value: string): boolean {
  return value.includes('://') || /^[\w.-]+@[\w.-]+:/.test(value) || value.startsWith('github.com/')
}

/** Whether no variable stands in it: then its value is known before Compose replaces them. */
function isPlain(value: string): boolean {
  return value !== '' && !value.includes('$') && !value.includes('\0')
}

function at(path: string, base: string): string {
  return isAbsolute(path) ? path : join(base, path)
}

function list(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value].flat()
}

function entries(section: unknown): readonly (readonly [string, Fields])[] {
  if (!isFields(section)) return []
  return Object.entries(section).map(([name, value]) => [name, isFields(value) ? value : {}])
}
