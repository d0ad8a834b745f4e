import { buildKeyOf, type KeyParts } from '../decisions/build-key.ts'
import { type BuiltNames, builtNames } from '../decisions/built-names.ts'
import { isBelow } from '../decisions/changed-in-build.ts'
import type { App } from '../domain/app.ts'
import type { BuildContent, BuildKey } from '../domain/build-key.ts'
import type { Build, Service } from '../domain/project.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Call } from '../run.ts'
import { cleanText } from '../text.ts'
import { type BuildInputs, type Context, readBuildInputs } from './build-inputs.ts'
import { contextContents, type ReadContext } from './context-contents.ts'

export interface BuildKeysOptions {
  readonly app: App
  /** Name of the Compose project: images are named after it. */
  readonly project: string
  readonly commit: string
  readonly services: readonly Service[]
  /** Real path of the checkout, as the services' paths are given. */
  readonly root: string
  /** Whether tracked files that were edited count: not before a pull, which replaces them. */
  readonly edits: boolean
}

/** The build keys of the services that have a build section, by service; `files` shows the checkout as the commit has it. */
export async function buildKeys(
  { app, project, commit, services, root, edits }: BuildKeysOptions,
  { git, files }: { readonly git: Git; readonly files: Files },
  call?: Call,
): Promise<ReadonlyMap<string, BuildKey>> {
  const built = services.filter(isBuilt)
  const read = await Promise.all(built.map((service) => readBuildInputs(service, root, files)))
  const contexts = read.flatMap((inputs) => ('unknown' in inputs ? [] : contextsOf(inputs)))
  const contents = await contextContents(contexts, { path: app.path, commit, edits }, git, call)
  const inputs = new Map(built.map(({ name }, i) => [name, read[i] ?? { unknown: `${name} was not read` }]))
  const keyOf = keysOf(inputs, { commit, contents, names: builtNames(project, services) })
  return new Map(built.map(({ name }) => [name, keyOf(name)]))
}

function isBuilt(service: Service): service is Service & { readonly build: Build } {
  return service.build !== undefined
}

function contextsOf({ context, additional }: BuildInputs): readonly Context[] {
  return [context, ...[...additional.values()].filter((other) => 'folder' in other)]
}

interface Known {
  readonly commit: string
  readonly contents: ReadContext
  readonly names: BuiltNames
}

/** Gives keys by service, those of images that it is built on first. */
function keysOf(
  inputs: ReadonlyMap<string, BuildInputs | { readonly unknown: string }>,
  known: Known,
): (name: string) => BuildKey {
  const keys = new Map<string, BuildKey | 'open'>()
  const keyOf = (name: string): BuildKey => {
    const found = keys.get(name)
    if (found === 'open') return { unknown: `${name} is built on an image that is built on its own` }
    if (found) return found
    keys.set(name, 'open')
    const given = inputs.get(name)
    const key =
      given === undefined
        ? { unknown: `${name} is not built here` }
        : 'unknown' in given
          ? given
          : compose(given, known, keyOf)
    keys.set(name, key)
    return key
  }
  return keyOf
}

function compose(inputs: BuildInputs, known: Known, keyOf: (name: string) => BuildKey): BuildKey {
  const { service, build, context, dockerfile, ignoreFile, secrets } = inputs
  const { name, platform } = service
  const content = known.contents(context)
  if ('unreadable' in content) return { unknown: `${name} is built from ${content.unreadable}` }
  const others = readOthers(inputs, known, keyOf)
  if ('unknown' in others) return others
  const { additional, bases, services } = others
  const parts: KeyParts = {
    section: build.section ?? { digest: build.digest },
    dockerfile: dockerfile.text,
    context: content,
    additional,
    secrets,
    bases: Object.fromEntries(
      [...bases].flatMap(([image, key]) => (key === undefined ? [] : [[image, key]])),
    ),
    ...(platform === undefined ? {} : { platform }),
    ...(ignoreFile ? { ignoreFile: ignoreFile.text } : {}),
    ...(dockerfile.use.usesGit ? { commit: known.commit } : {}),
  }
  return {
    key: buildKeyOf(parts),
    content: contentOf(inputs, services),
    bases: [...bases].flatMap(([image, key]) => (key === undefined ? [image] : [])),
  }
}

interface Others {
  readonly additional: KeyParts['additional']
  /** Keys by the name of the image; without a key it is not of this project. */
  readonly bases: ReadonlyMap<string, string | undefined>
  readonly services: readonly string[]
}

/** What a build takes from images and from other contexts than its own. */
function readOthers(
  { service: { name }, additional, dockerfile: { use } }: BuildInputs,
  { contents, names }: Known,
  keyOf: (name: string) => BuildKey,
): Others | { readonly unknown: string } {
  const services = new Set<string>()
  const bases = new Map<string, string | undefined>()
  const given = new Map<string, KeyParts['additional'][string]>()
  const keyOn = (other: string): string => {
    const key = keyOf(other)
    if ('unknown' in key) throw new Unknown(`${name} is built on ${other}, and ${key.unknown}`)
    services.add(other)
    return key.key
  }
  const keyOfImage = (image: string): string | undefined => {
    const other = names.of(image)
    return other === undefined ? undefined : keyOn(other)
  }
  try {
    for (const [context, value] of additional) {
      if ('folder' in value) {
        const content = contents(value)
        if ('unreadable' in content) throw new Unknown(`${name} is built from ${content.unreadable}`)
        given.set(context, content)
      } else if ('service' in value) given.set(context, { key: keyOn(value.service) })
      else {
        const key = keyOfImage(value.image)
        given.set(context, key === undefined ? { text: value.image } : { key })
        if (key === undefined) bases.set(value.image, undefined)
      }
    }
    for (const image of use.images) if (!additional.has(image)) bases.set(image, keyOfImage(image))
    for (const image of use.unresolved) {
      const other = names.maybe(image)
      if (other === undefined) continue
      throw new Unknown(`${name} is built on ${cleanText(image)}, which may be ${other} or not`)
    }
  } catch (error) {
    if (error instanceof Unknown) return { unknown: error.message }
    throw error
  }
  return { additional: Object.fromEntries(given), bases, services: [...services] }
}

class Unknown extends Error {}

function contentOf(inputs: BuildInputs, services: readonly string[]): BuildContent {
  const { dockerfile, ignoreFile } = inputs
  const contexts = contextsOf(inputs)
  const always = new Set([dockerfile.file, ignoreFile?.file])
  return {
    contexts: contexts.map(({ folder }) => folder),
    services,
    isIgnored: (file) =>
      !always.has(file) &&
      !contexts.some(({ folder, ignore }) => {
        const inside = folder === '' ? file : file.slice(folder.length + 1)
        return isBelow(file, folder) && ignore?.ignores(inside) !== true
      }),
    ...(dockerfile.file === undefined ? {} : { dockerfile: dockerfile.file }),
    ...(ignoreFile ? { ignoreFile: ignoreFile.file } : {}),
  }
}
