import type { Config, Flags } from './config.ts'
import { appFindings } from './app-findings.ts'
import { buildConfig } from './build-config.ts'
import { ConfigError, type Mistake } from './config-error.ts'
import { type Finding, type KeyPath, showPath } from './key-path.ts'
import { findOverride, type Override, readOverrides } from './overrides.ts'
import { prepare } from './prepare.ts'
import { rawApps, servable } from './raw.ts'
import { configSchema } from './schema.ts'
import { schemaFindings } from './schema-findings.ts'
import { serveMistakes } from './serve-mistakes.ts'
import type { Variables } from './variables.ts'

/** Where a configuration comes from. */
export interface Source {
  /** What relative paths are relative to. */
  readonly base: string
  readonly variables: Variables
  readonly flags?: Flags
  readonly file?: string
  readonly watched?: readonly string[]
  /** What was wrong with it when it was read. */
  readonly findings?: readonly Finding[]
  readonly locate?: (at: KeyPath) => string | undefined
}

/** Turns what was read into a configuration; throws `ConfigError` with every mistake. */
export function resolveConfig(input: unknown, source: Source): Config {
  // A variable's own file decides too, so it is watched like the configuration.
  const files = new Set<string>()
  const variables: Variables = (name) => {
    const found = source.variables(name)
    if (found && 'source' in found && found.source.file !== undefined) files.add(found.source.file)
    return found
  }
  const overrides = readOverrides(variables, source.flags)
  const prepared = prepare(input, { variables, overrides })
  const { data, off } = prepared
  const isOff = (name: string): boolean => off.has(name)
  const parsed = configSchema.safeParse(data)
  const earlier = [...(source.findings ?? []), ...prepared.findings]
  const findings = [
    ...earlier,
    // What has no value because of an earlier mistake is not missing as well.
    ...without(earlier, parsed.success ? [] : schemaFindings(parsed.error.issues)),
    ...appFindings(rawApps(data), { base: source.base, isOff }),
  ]
  if (!parsed.success || findings.length > 0) {
    const mistakes = inOrder(findings.map((finding) => toMistake(finding, overrides, source)))
    throw new ConfigError(mistakes, {
      serveMistakes: alsoServing(findings, serveMistakes(servable(data, isOff))),
      ...(source.file === undefined ? {} : { file: source.file }),
    })
  }
  return buildConfig(parsed.data, { ...source, off, watched: [...(source.watched ?? []), ...files] })
}

function without(earlier: readonly Finding[], later: readonly Finding[]): readonly Finding[] {
  const known = new Set(earlier.map(({ at }) => JSON.stringify(at)))
  return later.filter(({ at }) => !known.has(JSON.stringify(at)))
}

/** That there is no secret is no news where the list of them is wrong. */
function alsoServing(findings: readonly Finding[], mistakes: readonly Mistake[]): readonly Mistake[] {
  const isListWrong = findings.some(({ at }) => at[0] === 'webhook' && at[1] !== 'allowUnsigned')
  return mistakes.filter(({ path }) => !isListWrong || path !== 'webhook.secrets')
}

function toMistake(
  { at, message }: Finding,
  overrides: ReadonlyMap<string, Override>,
  { locate }: Source,
): Mistake {
  const override = findOverride(overrides, at)
  if (override) return { path: showPath(at), message: `${message} (from ${override.from})` }
  const line = locate?.(at)
  return { path: showPath(at), message, ...(line === undefined ? {} : { line }) }
}

/** As they stand in the file; what stands nowhere comes first. */
function inOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.toSorted((a, b) => lineOf(a) - lineOf(b))
}

function lineOf({ line = '0' }: Mistake): number {
  return Number.parseInt(line, 10)
}
