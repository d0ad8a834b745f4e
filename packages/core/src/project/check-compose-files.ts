import { relative } from 'node:path'
import { readReferences, type Reference, type References } from '../decisions/read-references.ts'
import { readYaml, type Refused } from '../decisions/read-yaml.ts'
import type { App } from '../domain/app.ts'
import type { Project } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Call } from '../run.ts'
import { cleanText } from '../text.ts'
import { refuseLinks } from './refuse-links.ts'

/** What the Compose files say of themselves before Compose reads them. */
export interface ComposeFiles {
  /** Texts of those that lie in the checkout or that the configuration names. */
  readonly texts: readonly string[]
  /** Profiles that any service has, as far as they are written out. */
  readonly profiles: ReadonlySet<string>
  /** `env_file:` of services and of includes. */
  readonly envFiles: readonly string[]
  /** Every file that Compose reads beside them and the project's own env files; absent where that can't be told. */
  readonly others?: readonly string[]
}

/** What Compose may have to expand, all files together: a service of ten lines is about twenty. */
const maxNodes = 100_000

/**
 * Looks through the project's Compose files, and those that they include or extend, before Compose reads anything: refuses
 * links that lead out of the checkout, files elsewhere, and what aliases make too large. Validity is for Compose to judge.
 */
export async function checkComposeFiles(
  app: App,
  { files: named, directory }: Project,
  executors: { readonly git: Git; readonly files: Files },
  call?: Call,
): Promise<ComposeFiles> {
  const texts: string[] = []
  const profiles = new Set<string>()
  const envFiles: string[] = []
  const others: string[] = []
  let isUntold = false
  const seen = new Set<string>()
  let nodesLeft = maxNodes
  const waiting: Reference[] = named.map((path) => ({ key: '-f', path, compose: { directory } }))
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { path, compose = { directory } } = next
    if (seen.has(path)) continue
    seen.add(path)
    await refuseLinks(app, [path], executors, call)
    const text = await executors.files.read(path)
    if (text === undefined) continue
    texts.push(text)
    const file = nameOf(app, path)
    const { documents, nodes } = read(app, file, text, nodesLeft)
    nodesLeft -= nodes
    for (const document of documents) {
      const { local, remote, profiles: found, untold } = readReferences(document, compose.directory)
      refuseRemote(app, file, remote)
      await refuseLinks(
        app,
        local.map((reference) => reference.path),
        executors,
        call,
      )
      const composeFiles = local.filter((reference) => reference.compose)
      const inside = composeFiles.filter((reference) => isInside(app, reference.path))
      waiting.push(...inside)
      isUntold ||= untold || inside.length < composeFiles.length
      others.push(
        ...local.filter(({ key }) => /(?:env|label)_file$/.test(key)).map((reference) => reference.path),
      )
      envFiles.push(...local.filter(({ key }) => key.endsWith('env_file')).map((reference) => reference.path))
      for (const profile of found) profiles.add(profile)
    }
  }
  return { texts, profiles, envFiles, ...(isUntold ? {} : { others: [...new Set(others)] }) }
}

function read(
  app: App,
  file: string,
  text: string,
  nodesLeft: number,
): { readonly documents: readonly unknown[]; readonly nodes: number } {
  const found = readYaml(text, nodesLeft)
  if ('documents' in found) return found
  const reason = reasons[found.refused]
  // Compose says it better.
  if (reason === undefined) return { documents: [], nodes: 0 }
  throw new DeployError('compose_invalid', `Cannot deploy ${app.name}: ${file} ${reason}`, {
    hint: 'Nothing was built or started; Compose would need minutes and gigabytes to read it',
  })
}

const reasons: Readonly<Record<Refused, string | undefined>> = {
  'no YAML': undefined,
  'too many nodes': `expands to more than ${maxNodes.toLocaleString('en')} nodes by its aliases`,
  'a circle of aliases': 'has an alias that stands for what it is part of',
  'too deep': 'is nested too deeply',
}

function refuseRemote(app: App, file: string, [first]: References['remote']): void {
  if (first === undefined) return
  throw new DeployError(
    'compose_invalid',
    `Cannot deploy ${app.name}: ${first.key} in ${file} names ${cleanText(first.value)}, which is not in the repository`,
    {
      hint: 'Fairway deploys what was pushed, and nothing fetched beside it: put that file into the repository',
    },
  )
}

function isInside(app: App, path: string): boolean {
  return !nameOf(app, path).startsWith('/')
}

/** As a person says it: relative to the checkout, absolute outside. */
function nameOf(app: App, path: string): string {
  const inside = relative(app.path, path)
  return cleanText(inside.startsWith('../') ? path : inside, 500)
}
