import { basename, isAbsolute, resolve } from 'node:path'
import { placeUnset } from '../decisions/unset-variables.ts'
import type { App } from '../domain/app.ts'
import type { Service } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import type { Compose, ReadingCall } from '../executors/compose.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { FoundProject } from './read-project.ts'
import { refuseLinks } from './refuse-links.ts'
import { refuseUnknownServices } from './refuse-unknown-services.ts'

/** What Compose makes of a project, and what an operator should know about it. */
export interface CheckedServices {
  readonly services: readonly Service[]
  readonly warnings: readonly string[]
}

/** The services as Compose resolves them, or the reason why they can't be deployed; before anything is built or started. */
export async function checkServices(
  app: App,
  found: FoundProject,
  executors: { readonly compose: Compose; readonly git: Git; readonly files: Files },
  call: Omit<ReadingCall, 'unset'> = {},
): Promise<CheckedServices> {
  const unset: string[] = []
  const services = await executors.compose.services(found.project, {
    ...call,
    unset: (name) => void unset.push(name),
  })
  // Once more, as variables may have stood in them before.
  await refuseLinks(app, services.flatMap(pathsOf), executors, call)
  if (services.length === 0) throw nothingToStart(app, found)
  refuseUnknownServices(app, found.project, services)
  return { services, warnings: [...judgeUnset(app, found, unset), ...unknownProfiles(app, found)] }
}

function pathsOf({ paths = [], build }: Service): readonly string[] {
  if (!build) return paths
  const { context, dockerfile, additionalContexts } = build
  const own = dockerfile !== undefined && isAbsolute(context) ? [resolve(context, dockerfile)] : []
  return [...paths, ...[context, ...additionalContexts].filter(isAbsolute), ...own]
}

function nothingToStart({ name, compose }: App, { project, composeFiles }: FoundProject): DeployError {
  const file = namesOf(project.files)
  const profiles = [...composeFiles.profiles].toSorted().join(', ')
  return profiles === ''
    ? new DeployError('compose_invalid', `Cannot deploy ${name}: ${file} has no services`, {
        hint: 'Nothing was stopped; to end the app, use docker compose down',
      })
    : new DeployError(
        'compose_invalid',
        `Cannot deploy ${name}: every service in ${file} has a profile (${profiles}), and none of them is chosen`,
        { hint: `Set \`compose.profiles\` of the app, which is ${JSON.stringify(compose.profiles)}` },
      )
}

function judgeUnset(
  { name, compose }: App,
  { project, composeFiles }: FoundProject,
  unset: readonly string[],
): readonly string[] {
  if (unset.length === 0) return []
  const { names, inEnvFile } = placeUnset(unset, composeFiles.texts)
  const envFiles = namesOf([...project.envFiles, ...composeFiles.envFiles])
  const findings = [
    ...(names.length > 0
      ? [`${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} no value in ${namesOf(project.files)}`]
      : []),
    ...(inEnvFile ? [`a value in ${envFiles} has a $ that stands for a variable without a value`] : []),
  ]
  const hint = [
    ...(names.length > 0
      ? ["Set them in the checkout's .env or in `compose.environment` of the app, or write ${NAME:-default}"]
      : []),
    ...(inEnvFile ? ['Put a value with a $ in single quotes'] : []),
  ].join('. ')
  if (compose.unset === 'error') {
    throw new DeployError('compose_invalid', `Cannot deploy ${name}: ${findings.join('; ')}`, { hint })
  }
  return findings.map((finding) => `${name}: ${finding}; Compose takes an empty text`)
}

/** Compose itself passes over a profile that no service has. */
function unknownProfiles({ name, compose }: App, { composeFiles, project }: FoundProject): readonly string[] {
  const unknown = compose.profiles.filter((profile) => profile !== '*' && !composeFiles.profiles.has(profile))
  return unknown.length === 0
    ? []
    : [`${name}: no service in ${namesOf(project.files)} has the profile ${unknown.join(', ')}`]
}

function namesOf(files: readonly string[]): string {
  return [...new Set(files.map((file) => basename(file)))].join(', ')
}
