import type { Build } from '../domain/project.ts'
import { isFields } from '../fields.ts'
import { dockerfileLines, type Instruction } from './dockerfile-lines.ts'

/** A build that one request is enough for. */
export interface SimpleBuild {
  /** Images that must be there already: nobody could be asked for a registry's credentials. */
  readonly images: readonly string[]
  readonly args: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly target?: string
  readonly platform?: string
}

export interface SimpleBuildOptions {
  readonly build: Build
  /** Platform of the service. */
  readonly platform?: string | undefined
  /** Text of its Dockerfile. */
  readonly dockerfile: string
  /** Docker's own configuration names proxies, which its builds are told. */
  readonly proxies: boolean
}

/** What a build asks for, where one request says it all; else why not. Whatever isn't known is not simple. */
export function simpleBuild(options: SimpleBuildOptions): SimpleBuild | { readonly because: string } {
  const { build, platform, dockerfile, proxies } = options
  const section = build.section ?? { unknown: true }
  const further = Object.keys(section).find((key) => !simpleKeys.has(key) && !isEmpty(section[key]))
  if (further !== undefined) return { because: `its build section has ${further}` }
  const args = texts(section['args'])
  const labels = texts(section['labels'])
  if (!args || !labels) return { because: 'an argument or a label has no value' }
  // Compose doubles it in what it prints, but not in every version.
  if (JSON.stringify(section).includes('$')) return { because: 'its build section has a $' }
  if (Object.keys(args).some((name) => name.startsWith('BUILDKIT_')))
    return { because: 'an argument is for BuildKit itself' }
  const platforms = Array.isArray(section['platforms']) ? (section['platforms'] as readonly unknown[]) : []
  if (platforms.length > 1) return { because: 'it is for several platforms' }
  const wanted = platforms[0] ?? platform
  const read = readDockerfile(dockerfile, args, proxies)
  if ('because' in read) return read
  return {
    ...read,
    args,
    labels,
    ...(typeof section['target'] === 'string' ? { target: section['target'] } : {}),
    ...(typeof wanted === 'string' ? { platform: wanted } : {}),
  }
}

const simpleKeys = new Set(['context', 'dockerfile', 'args', 'labels', 'target', 'platforms'])

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true
  return Array.isArray(value) ? value.length === 0 : isFields(value) && Object.keys(value).length === 0
}

function texts(section: unknown): Readonly<Record<string, string>> | undefined {
  if (section === undefined || section === null) return {}
  if (!isFields(section)) return undefined
  const entries = Object.entries(section)
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(entries)
    : undefined
}

const harmless = new Set(
  'CMD ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL MAINTAINER SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(' '),
)

function readDockerfile(
  text: string,
  given: Readonly<Record<string, string>>,
  proxies: boolean,
): { readonly images: readonly string[] } | { readonly because: string } {
  const instructions = dockerfileLines(text)
  if (!instructions) return { because: 'its Dockerfile has a syntax or an escape of its own' }
  const images = new Set<string>()
  const stages = new Set<string>()
  const args = new Map<string, string>()
  let count = 0
  for (const { word, rest } of instructions) {
    if (harmless.has(word)) continue
    if (word === 'ARG') {
      // Only those before the first FROM count for a FROM.
      if (count === 0) for (const [name, value] of argument(rest, given, args)) args.set(name, value)
      continue
    }
    if (word === 'FROM') {
      const [, name = '', , stage] = /^([^\s-]\S*)(\s+AS\s+(\S+))?$/i.exec(rest) ?? []
      const image = filled(name, args)
      if (!image) return { because: `FROM ${rest} is not to be read` }
      if (image !== 'scratch' && !stages.has(image.toLowerCase())) images.add(image)
      count += 1
      if (stage !== undefined) stages.add(stage.toLowerCase())
      continue
    }
    const { from, because } = copiesOrRuns({ word, rest }, proxies)
    if (because !== undefined) return { because }
    if (from !== undefined && !stages.has(from.toLowerCase()) && !/^\d+$/.test(from)) images.add(from)
  }
  return count === 0 ? { because: 'its Dockerfile has no FROM' } : { images: [...images] }
}

function copiesOrRuns(
  { word, rest }: Instruction,
  proxies: boolean,
): { readonly from?: string; readonly because?: string } {
  if (!['COPY', 'ADD', 'RUN'].includes(word)) return { because: `${word} is not known` }
  if (rest.includes('<<')) return { because: `${word} has a text of its own` }
  const options = /^(--\S+\s+)*/.exec(rest)?.[0].trim().split(/\s+/) ?? []
  if (word === 'RUN') {
    if (proxies) return { because: 'RUN would be told of proxies' }
    return options[0] ? { because: `RUN has ${options[0]}` } : {}
  }
  if (word === 'ADD' && /:\/\/|\S@\S+:/.test(rest)) return { because: 'ADD downloads something' }
  const from = options.find((option) => option.startsWith('--from='))?.slice('--from='.length)
  return from?.includes('$')
    ? { because: `${word} --from has a variable` }
    : from === undefined
      ? {}
      : { from }
}

/** `NAME=default`, several of them on one line, or `NAME` alone. */
function argument(
  rest: string,
  given: Readonly<Record<string, string>>,
  args: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  return rest.split(/\s+/).flatMap((part) => {
    const [, name = '', , quoted] = /^(\w+)(=(.*))?$/.exec(part) ?? []
    const value = given[name] ?? filled(quoted?.replace(/^(["'])(.*)\1$/, '$2') ?? '', args)
    return name !== '' && value ? [[name, value] as const] : []
  })
}

/** With its variables' values; undefined where one has none, or is more than a name. */
function filled(text: string, args: ReadonlyMap<string, string>): string | undefined {
  const whole = text.replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (all, plain?: string, braced?: string) => {
    return args.get(plain ?? braced ?? '') ?? all
  })
  return /[$"'\\]/.test(whole) ? undefined : whole
}
