import { isAbsolute, resolve } from 'node:path'
import { placeOf } from '../decisions/changed-in-build.ts'
import { dockerIgnore, type DockerIgnore, ignoreFilesOf } from '../decisions/docker-ignore.ts'
import { type DockerfileUse, readDockerfile } from '../decisions/read-dockerfile.ts'
import type { Build, Service } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import type { Files } from '../executors/files.ts'
import { isFields } from '../fields.ts'
import { cleanText } from '../text.ts'

/** What a service is built from, as far as files tell that are read one by one. Paths are relative to the checkout. */
export interface BuildInputs {
  readonly service: Service
  readonly build: Build
  readonly context: Context
  /** By name. */
  readonly additional: ReadonlyMap<string, Context | OtherContext>
  readonly dockerfile: { readonly text: string; readonly file?: string; readonly use: DockerfileUse }
  readonly ignoreFile?: { readonly text: string; readonly file: string }
  /** Digests by name. */
  readonly secrets: Readonly<Record<string, string>>
}

/** A folder that is sent to Docker. */
export interface Context {
  readonly folder: string
  /** Absent where nothing is left out. */
  readonly ignore?: DockerIgnore
}

/** One that is no folder: an image, or another service's. */
type OtherContext = { readonly image: string } | { readonly service: string }

/** Reads Dockerfile, ignore file and secrets of a build; `files` shows the checkout as the commit has it. */
export async function readBuildInputs(
  service: Service & { readonly build: Build },
  root: string,
  files: Files,
): Promise<BuildInputs | { readonly unknown: string }> {
  try {
    return await read(service, root, files)
  } catch (error) {
    if (error instanceof Unknown) return { unknown: `${service.name} ${error.message}` }
    // What can't be read fails its build alone, and says there what to do.
    if (error instanceof DeployError && error.code === 'files_failed') {
      return { unknown: `${service.name} is built from what cannot be read: ${error.message}` }
    }
    throw error
  }
}

class Unknown extends Error {}

async function read(
  service: Service & { readonly build: Build },
  root: string,
  files: Files,
): Promise<BuildInputs> {
  const { build } = service
  const { section = {} } = build
  for (const wish of ['no_cache', 'pull']) {
    if (section[wish] === true) throw new Unknown(`asks for a new build each time (${wish})`)
  }
  const folder = await folderOf(build.context, root, files)
  const inline = section['dockerfile_inline']
  const at = resolve(build.context, build.dockerfile ?? 'Dockerfile')
  const text = typeof inline === 'string' ? inline : await files.read(at)
  if (text === undefined) throw new Unknown(`has no Dockerfile at ${cleanText(placeOf(root, at) ?? at)}`)
  const file = typeof inline === 'string' ? undefined : placeOf(root, await files.realPath(at))
  const ignoreFile = await readIgnoreFile(
    build.context,
    typeof inline === 'string' ? undefined : at,
    root,
    files,
  )
  return {
    service,
    build,
    context: { folder, ...(ignoreFile ? { ignore: dockerIgnore(ignoreFile.text) } : {}) },
    additional: await readAdditional(build, root, files),
    dockerfile: {
      text,
      use: readDockerfile(text, argumentsOf(section)),
      ...(file === undefined ? {} : { file }),
    },
    secrets: await readSecrets(build, files),
    ...(ignoreFile ? { ignoreFile } : {}),
  }
}

async function folderOf(context: string, root: string, files: Files): Promise<string> {
  const place = isAbsolute(context) ? placeOf(root, await files.realPath(context)) : undefined
  if (place === undefined) throw new Unknown(`is built from ${withoutLogin(context)}, outside the checkout`)
  return place
}

function withoutLogin(address: string): string {
  return cleanText(address.replace(/^([a-z+.-]+:\/\/)[^/@]*@/i, '$1'))
}

async function readIgnoreFile(
  context: string,
  dockerfile: string | undefined,
  root: string,
  files: Files,
): Promise<BuildInputs['ignoreFile']> {
  for (const path of ignoreFilesOf(resolve(context), dockerfile)) {
    const text = await files.read(path)
    if (text !== undefined) return { text, file: placeOf(root, path) ?? path }
  }
  return undefined
}

async function readAdditional(
  { section, additionalContexts }: Build,
  root: string,
  files: Files,
): Promise<BuildInputs['additional']> {
  const named = section?.['additional_contexts']
  const entries = isFields(named)
    ? Object.entries(named)
    : additionalContexts.map((value, i) => [`${i}`, value] as const)
  const found = new Map<string, Context | OtherContext>()
  for (const [name, value] of entries) found.set(name, await readContext(String(value), root, files))
  return found
}

async function readContext(value: string, root: string, files: Files): Promise<Context | OtherContext> {
  const [, kind, name = ''] = /^(service:|docker-image:\/\/)(.*)$/s.exec(value) ?? []
  if (kind === 'service:') return { service: name }
  if (kind !== undefined) return { image: name }
  // A repository, an archive, `oci-layout:`, whatever there will be: its text says nothing of its content.
  if (!isAbsolute(value)) throw new Unknown(`is built with ${withoutLogin(value)}, outside the checkout`)
  const folder = await folderOf(value, root, files)
  const ignoreFile = await readIgnoreFile(value, undefined, root, files)
  return { folder, ...(ignoreFile ? { ignore: dockerIgnore(ignoreFile.text) } : {}) }
}

function argumentsOf({ args }: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const given = Object.entries(isFields(args) ? args : {})
  return Object.fromEntries(
    given.flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[name, `${value}`]]
        : [],
    ),
  )
}

async function readSecrets({ section, secrets }: Build, files: Files): Promise<BuildInputs['secrets']> {
  if (section?.['secrets'] !== undefined && secrets === undefined) {
    throw new Unknown('is built with secrets of which it is not known where they lie')
  }
  const digests = new Map<string, string>()
  for (const { name, file, environment } of secrets ?? []) {
    const digest = file === undefined ? `$${environment ?? ''}` : await files.digest(file)
    if (digest === undefined)
      throw new Unknown(`is built with the secret ${cleanText(name)}, which has no file of moderate size`)
    digests.set(name, digest)
  }
  return Object.fromEntries(digests)
}
