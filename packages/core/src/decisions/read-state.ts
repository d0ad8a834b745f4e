import type { DeployedState, GoingBack, ServiceState, Settling } from '../domain/state.ts'
import { type Fields, isFields } from '../fields.ts'
import { readHeld } from './read-release.ts'

/** The state in a blob's text. One that can't be read counts as none: everything is built then, which is never wrong. */
export function readState(text: string): DeployedState | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isFields(value) || !isFields(value['services'])) return undefined
  const { services, unsettled } = value
  if (!isTexts(unsettled)) return undefined
  return {
    ...texts(value, ['commit', 'project', 'release', 'deployment']),
    services: readServices(services),
    unsettled,
    ...readSettling(value['settling']),
    ...readGoingBack(value['goingBack']),
  }
}

function readServices(services: Fields): DeployedState['services'] {
  const read = Object.entries(services).flatMap(([name, service]) =>
    isFields(service) ? [[name, readService(service)] as const] : [],
  )
  return Object.fromEntries(read)
}

function readSettling(value: unknown): { readonly settling?: Settling } {
  if (!isFields(value) || !isFields(value['services'])) return {}
  const { deployment, services } = value
  return typeof deployment === 'string' ? { settling: { deployment, services: readServices(services) } } : {}
}

function readGoingBack(value: unknown): { readonly goingBack?: GoingBack } {
  if (!isFields(value)) return {}
  const { deployment, code, reason, services, held } = value
  const isWhole = typeof deployment === 'string' && typeof code === 'string' && typeof reason === 'string'
  if (!isWhole || !isTexts(services)) return {}
  return { goingBack: { deployment, code, reason, services, held: readHeld(held) } }
}

function readService(service: Fields): ServiceState {
  const { containers } = service
  return {
    ...texts(service, [
      'build',
      'context',
      'buildKey',
      'image',
      'configuration',
      'configHash',
      'refreshedAt',
    ]),
    ...records(service, ['buildSections', 'environment', 'sections', 'mounts']),
    ...(isTexts(containers) ? { containers } : {}),
  }
}

function texts<Key extends string>(fields: Fields, keys: readonly Key[]): Partial<Record<Key, string>> {
  const found = keys.filter((key) => typeof fields[key] === 'string').map((key) => [key, fields[key]])
  return Object.fromEntries(found) as Partial<Record<Key, string>>
}

type Texts = Readonly<Record<string, string>>

function records<Key extends string>(fields: Fields, keys: readonly Key[]): Partial<Record<Key, Texts>> {
  const isRecord = (value: unknown): boolean => isFields(value) && isTexts(Object.values(value))
  const found = keys.filter((key) => isRecord(fields[key])).map((key) => [key, fields[key]])
  return Object.fromEntries(found) as Partial<Record<Key, Texts>>
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
