import { resolve } from 'node:path'
import type { App } from '@fairway/core'
import { defineApp } from '@fairway/core/basics'
import type { Config } from './config.ts'
import type { Parsed } from './schema.ts'
import { collectSecrets, secretId } from './secrets.ts'

export interface BuildOptions {
  readonly base: string
  /** Apps whose path has no value, and the variable that each waits for. */
  readonly off: ReadonlyMap<string, string>
  readonly file?: string
  readonly watched?: readonly string[]
}

/** Fills in what is left to fill in: absolute paths, core's defaults of an app, ids of secrets. */
export function buildConfig(parsed: Parsed, { base, off, file, watched = [] }: BuildOptions): Config {
  const { server, webhook, ignore } = parsed
  const enabled = Object.entries(parsed.apps)
    .filter(([, app]) => app.enabled)
    .map(([name, app]) => Object.assign(app, { name }))
  const on = enabled.filter(({ name }) => !off.has(name))
  return {
    server: {
      ...server,
      dataDir: resolve(base, server.dataDir),
      logFile: server.logFile === null ? null : resolve(base, server.logFile),
    },
    secrets: collectSecrets({ global: webhook.secrets, apps: on }),
    allowUnsigned: webhook.allowUnsigned,
    apps: on.map((app) => toApp(app, base)),
    ignore,
    warnings: [
      ...(Object.keys(parsed.apps).length === 0
        ? ['There are no apps in the configuration: nothing will be deployed']
        : []),
      ...enabled.flatMap(({ name }) => waiting(name, off.get(name))),
      ...on.flatMap(bareRepository),
    ],
    watched,
    ...(file === undefined ? {} : { file }),
  }
}

type Named = Parsed['apps'][string] & { readonly name: string }

function toApp({ enabled: _enabled, webhookSecrets, path, ...options }: Named, base: string): App {
  const webhookSecretIds = webhookSecrets.map((_secret, index) => secretId(options.name, index))
  return defineApp({ ...options, path: resolve(base, path), webhookSecretIds })
}

function waiting(name: string, variable: string | undefined): readonly string[] {
  return variable === undefined ? [] : [`apps.${name} is off: its path needs ${variable}, which has no value`]
}

function bareRepository({ name, repository }: Named): readonly string[] {
  if (repository.includes('/')) return []
  return [
    `apps.${name}.repository is a bare name, which matches that repository of any owner: write owner/name`,
  ]
}
