import { resolve } from 'node:path'
import { defineApp } from '@fairway/core/basics'
import { configJsonSchema } from '../json-schema.ts'
import { type KeyPath, showPath } from '../key-path.ts'
import { readOverrides } from '../overrides.ts'
import { prepare } from '../prepare.ts'
import { type LoadConfigOptions, readSource } from '../read-source.ts'
import { resolveConfig } from '../resolve-config.ts'
import { configSchema, type Parsed } from '../schema.ts'
import { isSecret, mask, maskLogins } from './mask.ts'
import { leaves } from './leaves.ts'
import { type Origin, originOf } from './origin.ts'

/** A configuration, and where each value comes from; nothing secret is in it. */
export interface ExplainedConfig {
  readonly file: string
  readonly apps: readonly ExplainedApp[]
  readonly values: readonly ExplainedValue[]
  readonly warnings: readonly string[]
}

export interface ExplainedApp {
  readonly name: string
  readonly on: boolean
  /** Why it is off. */
  readonly because?: string
}

export interface ExplainedValue {
  readonly at: KeyPath
  /** `at` in words, such as `apps.shop.path`. */
  readonly path: string
  /** As one would write it, secrets as `***`; absent where there is none. */
  readonly value?: unknown
  readonly origin: Origin
}

/** Reads a configuration as `loadConfig` does, and tells of every key what it is and why; throws `ConfigError`. */
export async function explainConfig(options: LoadConfigOptions = {}): Promise<ExplainedConfig> {
  const { input, source } = await readSource(options)
  const { warnings } = resolveConfig(input, source)
  const overrides = readOverrides(source.variables, source.flags)
  const { data, off } = prepare(input, { variables: source.variables, overrides })
  const parsed = configSchema.parse(data)
  const found = leaves(configJsonSchema(), { value: complete(parsed, source.base, off), input })
  const explained = found.map((leaf) => ({
    ...leaf,
    origin: originOf(leaf.at, { input, source, overrides }),
  }))
  // A secret may stand in another value, too.
  const secrets = explained
    .filter(isSecret)
    .flatMap(({ value }) => [value].flat())
    .filter((value) => typeof value === 'string')
  return {
    file: source.file,
    apps: Object.entries(parsed.apps).map(([name, { enabled }]) => explainApp(name, enabled, off.get(name))),
    values: explained.map(({ at, value, origin }): ExplainedValue => {
      const masked = isSecret({ at, value, origin }) ? mask : maskLogins(value, secrets)
      return { at, path: showPath(at), ...(masked === undefined ? {} : { value: masked }), origin }
    }),
    warnings,
  }
}

function explainApp(name: string, enabled: boolean, variable: string | undefined): ExplainedApp {
  if (!enabled) return { name, on: false, because: 'enabled is false' }
  if (variable === undefined) return { name, on: true }
  return { name, on: false, because: `its path needs ${variable}, which has no value` }
}

/** Everything that was left to fill in, in the keys of the file. */
function complete({ server, apps, ...rest }: Parsed, base: string, off: ReadonlyMap<string, string>): object {
  const { dataDir, logFile } = server
  const filled = Object.entries(apps).map(([name, app]): [string, object] => {
    const { project, paths, compose, rebuild, rollout, timeouts } = defineApp({ ...app, name })
    const path = off.has(name) ? undefined : resolve(base, app.path)
    return [name, { ...app, path, project, paths, compose, rebuild, rollout, timeouts }]
  })
  return {
    server: {
      ...server,
      dataDir: resolve(base, dataDir),
      logFile: logFile === null ? null : resolve(base, logFile),
    },
    ...rest,
    apps: Object.fromEntries(filled),
  }
}
