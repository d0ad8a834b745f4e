import type Docker from 'dockerode'
import { readFile, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { dockerIgnore, ignoreFilesOf } from '../decisions/docker-ignore.ts'
import { type SimpleBuild, simpleBuild } from '../decisions/simple-build.ts'
import { taggedName } from '../decisions/tagged-name.ts'
import type { TarEntry } from '../decisions/tar-entry.ts'
import { isFields } from '../fields.ts'
import { listContext, packContext } from './build-context.ts'
import type { ImageBuild } from './engine.ts'
import type { Environment } from './environment.ts'
import { followBuild } from './follow-build.ts'

/** A build whose files have been looked at. */
interface Prepared {
  readonly simple: SimpleBuild
  readonly context: string
  /** Relative to the context. */
  readonly dockerfile: string
  readonly entries: readonly TarEntry[]
}

export interface BuildingCall {
  readonly signal: AbortSignal
  readonly output: (line: string) => void
}

/** Builds an image with the engine's BuildKit from one request; false where that isn't enough, or where Compose tells better why it fails. */
export async function buildImage(
  docker: Docker,
  build: ImageBuild,
  environment: Environment,
  { signal, output }: BuildingCall,
): Promise<boolean> {
  const prepared = await prepare(build, environment)
  if (!prepared || !(await isReady(docker, prepared))) return false
  const files = Readable.from(packContext(prepared.context, prepared.entries))
  let unreadable = false
  files.once('error', () => (unreadable = true))
  try {
    const stream = await docker.buildImage(files, question(build, prepared, signal))
    return await followBuild(stream as Readable, { service: build.service, output })
  } catch (error) {
    // Refused, or its files changed while they were sent: Compose tells it in full, if it is still so.
    if (!signal.aborted && (unreadable || 'statusCode' in (error as object))) return false
    throw error
  } finally {
    files.destroy()
  }
}

function question(
  { names, labels }: ImageBuild,
  { simple, dockerfile }: Prepared,
  abortSignal: AbortSignal,
): Docker.ImageBuildOptions {
  return {
    // As a number: for the text '2' dockerode opens a session of its own.
    version: 2 as unknown as '2',
    // Several are told one by one.
    t: names.map(taggedName) as unknown as string,
    labels: { ...simple.labels, ...labels },
    buildargs: simple.args,
    dockerfile,
    ...(simple.target === undefined ? {} : { target: simple.target }),
    ...(simple.platform === undefined ? {} : { platform: simple.platform }),
    abortSignal,
  }
}

/** Reads what the build is made of; undefined where one request is not enough for it. */
async function prepare(
  { build, platform }: ImageBuild,
  environment: Environment,
): Promise<Prepared | undefined> {
  const context = await realpath(build.context).catch(() => undefined)
  // A URL, too, is no folder.
  if (context === undefined || !(await stat(context)).isDirectory()) return undefined
  const dockerfile = relative(context, resolve(context, build.dockerfile ?? 'Dockerfile'))
  if (dockerfile === '' || dockerfile.startsWith('..')) return undefined
  const text = await readText(join(context, dockerfile))
  if (text === undefined) return undefined
  const proxies = await hasProxies(environment)
  const simple = simpleBuild({ build, platform, dockerfile: text, proxies })
  if ('because' in simple) return undefined
  const rules = await firstText(ignoreFilesOf('', dockerfile).map((file) => join(context, file)))
  const ignore = dockerIgnore(rules)
  if (!ignore.isCertain) return undefined
  const entries = await listContext(context, ignore)
  // BuildKit looks for it among the files; Docker's own client sends an ignored one apart from them.
  return entries?.some(({ path, kind }) => path === dockerfile && kind === 'file')
    ? { simple, context, dockerfile, entries }
    : undefined
}

async function firstText(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const text = await readText(path)
    if (text !== undefined) return text
  }
  return ''
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}

async function hasProxies(environment: Environment): Promise<boolean> {
  const folder = environment['DOCKER_CONFIG'] || join(environment['HOME'] || homedir(), '.docker')
  const text = await readText(join(folder, 'config.json'))
  if (text === undefined) return false
  try {
    const config: unknown = JSON.parse(text)
    return isFields(config) && isFields(config['proxies']) && Object.keys(config['proxies']).length > 0
  } catch {
    return true
  }
}

/** Whether the engine has BuildKit, and every image that the build begins with. */
async function isReady(docker: Docker, { simple }: Prepared): Promise<boolean> {
  const answers = await Promise.all([
    hasBuildKit(docker),
    ...simple.images.map((image) => isLocal(docker, image, simple.platform)),
  ])
  return answers.every(Boolean)
}

/** Docker's own engine, since 20.10; others take the same request and build in other ways. */
async function hasBuildKit(docker: Docker): Promise<boolean> {
  const { ApiVersion, Os, Components } = await docker.version()
  const [major = 0, minor = 0] = ApiVersion.split('.').map(Number)
  const isDocker = Components?.some(({ Name }) => Name === 'Engine') ?? false
  return isDocker && Os === 'linux' && (major > 1 || minor >= 41)
}

async function isLocal(docker: Docker, image: string, platform: string | undefined): Promise<boolean> {
  try {
    const { Os, Architecture, Config } = await docker.getImage(image).inspect()
    // What it does ONBUILD could be anything.
    const onBuild = (Config as { OnBuild?: readonly string[] | null }).OnBuild ?? []
    return onBuild.length === 0 && (platform === undefined || platform === `${Os}/${Architecture}`)
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false
    throw error
  }
}
