import { type KeyPath, fits } from '../key-path.ts'
import { findOverride, type Override } from '../overrides.ts'
import { isFields } from '../raw.ts'
import type { Source } from '../resolve-config.ts'
import { defaultSecrets } from '../schema/webhook.ts'
import type { VariableSource } from '../variables.ts'

/** A variable that is named by a value; without `from` it has no value itself. */
export type NamedVariable = VariableSource | { readonly name: string; readonly from?: never }

/** Where a value comes from. */
export interface Origin {
  readonly kind: 'default' | 'file' | 'environment' | 'flag'
  /** In the configuration file. */
  readonly line?: number
  /** Such as `--port`. */
  readonly flag?: string
  /** Those whose values are in it. */
  readonly variables?: readonly NamedVariable[]
}

export interface OriginOptions {
  /** What the file says, before variables are replaced. */
  readonly input: unknown
  readonly source: Source
  readonly overrides: ReadonlyMap<string, Override>
}

export function originOf(at: KeyPath, { input, source, overrides }: OriginOptions): Origin {
  const override = findOverride(overrides, at)
  if (override?.source) return { kind: 'environment', variables: [override.source] }
  if (override) return { kind: 'flag', flag: override.from }
  const written = valueAt(input, at)
  if (written !== undefined) {
    const line = source.locate?.(at)
    return {
      kind: 'file',
      ...(line === undefined ? {} : { line: Number.parseInt(line, 10) }),
      ...named(written, source),
    }
  }
  const isDefaultSecret = at.length === 3 && fits(at.slice(0, 2), ['webhook', 'secrets'])
  return { kind: 'default', ...(isDefaultSecret ? named(defaultSecrets[Number(at[2])], source) : {}) }
}

/** What stands at a place; undefined where nothing does. */
export function valueAt(input: unknown, at: KeyPath): unknown {
  return at.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return typeof key === 'number' ? (value as unknown[])[key] : undefined
    return isFields(value) && Object.hasOwn(value, key) ? value[String(key)] : undefined
  }, input)
}

function named(written: unknown, { variables }: Source): Pick<Origin, 'variables'> {
  const names = new Set(namesIn(written))
  if (names.size === 0) return {}
  return {
    variables: [...names].map((name) => {
      const variable = variables(name)
      return variable && 'source' in variable ? variable.source : { name }
    }),
  }
}

/** The names of the `${NAME}` in every text of a value, as `interpolate` would replace them. */
function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return (value as unknown[]).flatMap(namesIn)
  if (isFields(value)) return Object.values(value).flatMap(namesIn)
  if (typeof value !== 'string') return []
  return [...value.matchAll(/\$\$\{|\$\{([A-Za-z_]\w*)\}/g)].flatMap(([, name]) =>
    name === undefined ? [] : [name],
  )
}
