import type { Flags } from './config.ts'
import { type KeyPath } from './key-path.ts'
import type { Variables } from './variables.ts'

/** A key of `server` that the environment or a flag decides. */
export interface Override {
  readonly key: 'host' | 'port' | 'dataDir' | 'logFormat'
  readonly value: string | number
  /** For messages: the file is not where the mistake is. */
  readonly from: string
}

/** What wins over the file: HOST, PORT and FAIRWAY_DATA where they aren't empty, then flags. */
export function readOverrides(variables: Variables, flags: Flags = {}): ReadonlyMap<string, Override> {
  const fromEnvironment = (key: Override['key'], name: string): readonly Override[] => {
    const variable = variables(name)
    return variable && 'value' in variable && variable.value !== ''
      ? [{ key, value: variable.value, from: name }]
      : []
  }
  const fromFlag = (
    key: Override['key'],
    value: string | number | undefined,
    from: string,
  ): readonly Override[] => (value === undefined ? [] : [{ key, value, from }])
  const overrides = [
    ...fromEnvironment('host', 'HOST'),
    ...fromEnvironment('port', 'PORT'),
    ...fromEnvironment('dataDir', 'FAIRWAY_DATA'),
    ...fromFlag('host', flags.host, '--host'),
    ...fromFlag('port', flags.port, '--port'),
    ...fromFlag('logFormat', flags.logFormat, '--log'),
  ]
  return new Map(overrides.map((override) => [override.key, override]))
}

export function findOverride(overrides: ReadonlyMap<string, Override>, at: KeyPath): Override | undefined {
  return at.length === 2 && at[0] === 'server' ? overrides.get(String(at[1])) : undefined
}
