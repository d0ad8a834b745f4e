import type { Config, Flags } from './config.ts'
import { type KeyPath } from './key-path.ts'
import type { Variables, VariableSource } from './variables.ts'

/** The keys of `server` that a variable or a flag decides over the file. */
export const overridable = {
  host: { variable: 'HOST', flag: '--host' },
  port: { variable: 'PORT', flag: '--port' },
  dataDir: { variable: 'FAIRWAY_DATA' },
  logFormat: { flag: '--log' },
} as const satisfies Partial<
  Record<keyof Config['server'], { readonly variable?: string; readonly flag?: string }>
>

/** A key of `server` that the environment or a flag decides. */
export interface Override {
  readonly key: keyof typeof overridable
  readonly value: string | number
  /** For messages: the file is not where the mistake is. */
  readonly from: string
  /** Absent for a flag. */
  readonly source?: VariableSource
}

/** What wins over the file: HOST, PORT and FAIRWAY_DATA where they aren't empty, then flags. */
export function readOverrides(variables: Variables, flags: Flags = {}): ReadonlyMap<string, Override> {
  const fromEnvironment = (key: 'host' | 'port' | 'dataDir'): readonly Override[] => {
    const from = overridable[key].variable
    const variable = variables(from)
    return variable && 'value' in variable && variable.value !== ''
      ? [{ key, value: variable.value, from, source: variable.source }]
      : []
  }
  const fromFlag = (key: 'host' | 'port' | 'logFormat'): readonly Override[] => {
    const value = flags[key]
    return value === undefined ? [] : [{ key, value, from: overridable[key].flag }]
  }
  const overrides = [
    ...(['host', 'port', 'dataDir'] as const).flatMap(fromEnvironment),
    ...(['host', 'port', 'logFormat'] as const).flatMap(fromFlag),
  ]
  return new Map(overrides.map((override) => [override.key, override]))
}

export function findOverride(overrides: ReadonlyMap<string, Override>, at: KeyPath): Override | undefined {
  return at.length === 2 && at[0] === 'server' ? overrides.get(String(at[1])) : undefined
}
