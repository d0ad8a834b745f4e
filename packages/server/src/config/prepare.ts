import { interpolate, type Unset } from './interpolate.ts'
import { type Finding, fits, type KeyPath } from './key-path.ts'
import { findOverride, type Override } from './overrides.ts'
import { isFields } from './raw.ts'
import { defaultSecrets } from './schema/webhook.ts'
import type { Variables } from './variables.ts'

export interface Prepared {
  /** What the schema is to check. */
  readonly data: unknown
  readonly findings: readonly Finding[]
  /** Apps whose path has no value, and the variable that each waits for. */
  readonly off: ReadonlyMap<string, string>
}

export interface PrepareOptions {
  readonly variables: Variables
  readonly overrides: ReadonlyMap<string, Override>
}

/** Replaces variables and puts in what the environment and the flags decide. */
export function prepare(input: unknown, { variables, overrides }: PrepareOptions): Prepared {
  const { data, findings, unset } = interpolate(withDefaultSecrets(input ?? {}), {
    variables,
    skip: (at, value) => findOverride(overrides, at) !== undefined || (value === null && isSection(at)),
    needsValue: isAppPath,
  })
  const off = new Map(unset.filter(({ at }) => isAppPath(at)).map(({ at, name }) => [String(at[1]), name]))
  const mistakes = unset.filter(({ at }) => !mayBeUnset(at)).map(toFinding)
  return { data: withOverrides(withPaths(data, off), overrides), findings: [...findings, ...mistakes], off }
}

function withDefaultSecrets(input: unknown): unknown {
  const webhook = isFields(input) ? (input['webhook'] ?? {}) : undefined
  if (!isFields(input) || !isFields(webhook) || webhook['secrets'] !== undefined) return input
  return { ...input, webhook: { ...webhook, secrets: defaultSecrets } }
}

/** In YAML a section whose keys are all commented out is null; it means the same as no section. */
function isSection(at: KeyPath): boolean {
  return sections.some((section) => fits(at, section))
}

const sections: readonly KeyPath[] = [
  ['server'],
  ['webhook'],
  ['apps'],
  ...['compose', 'rebuild', 'rollout', 'timeouts', 'migrate', 'hooks'].map((name) => ['apps', '*', name]),
  ['apps', '*', 'compose', 'environment'],
]

function isAppPath(at: KeyPath): boolean {
  return fits(at, ['apps', '*', 'path'])
}

/** The app is off; the secret is dropped; the variable isn't passed. */
function mayBeUnset(at: KeyPath): boolean {
  const isSecret = at.length === 3 && fits(at.slice(0, 2), ['webhook', 'secrets'])
  return isAppPath(at) || isSecret || fits(at, ['apps', '*', 'compose', 'environment', '*'])
}

function toFinding({ at, name }: Unset): Finding {
  return {
    at,
    message: `needs ${name}, which is not set: set it in the environment or in .env beside the configuration`,
  }
}

/** An app that is off is checked like the others, so its path stands in for the missing one. */
function withPaths(data: unknown, off: ReadonlyMap<string, string>): unknown {
  const apps = isFields(data) ? data['apps'] : undefined
  if (!isFields(data) || !isFields(apps)) return data
  const entries = Object.entries(apps).map(([name, app]) => [
    name,
    isFields(app) && off.has(name) ? { ...app, path: '.' } : app,
  ])
  return { ...data, apps: Object.fromEntries(entries) }
}

function withOverrides(data: unknown, overrides: ReadonlyMap<string, Override>): unknown {
  const server = isFields(data) ? (data['server'] ?? {}) : undefined
  if (!isFields(data) || !isFields(server)) return data
  const decided = [...overrides].map(([key, { value }]) => [key, value])
  return { ...data, server: { ...server, ...Object.fromEntries(decided) } }
}
