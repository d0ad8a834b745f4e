import { isDeepStrictEqual } from 'node:util'
import type { Config } from './config/config.ts'

/** What differs between two configurations, by name: never a value, as some are secrets. */
export interface ConfigChanges {
  /** Names of apps. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
  /** Key paths outside the apps. */
  readonly settings: readonly string[]
  /** Key paths that count only from the next start on. */
  readonly restart: readonly string[]
}

/** Says what a new configuration changes in a running server. */
export function compareConfigs(before: Config, after: Config): ConfigChanges {
  const [old, now] = [appsOf(before), appsOf(after)]
  const differs = (key: ServerKey): boolean => !isDeepStrictEqual(before.server[key], after.server[key])
  const path = (key: ServerKey): string => `server.${key}`
  const [oldRest, nowRest] = [restOf(before), restOf(after)]
  return {
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    changed: [...now.keys()].filter(
      (name) => old.has(name) && !isDeepStrictEqual(old.get(name), now.get(name)),
    ),
    settings: [
      ...Object.keys(nowRest).filter((key) => !isDeepStrictEqual(oldRest[key], nowRest[key])),
      ...serverKeys(after)
        .filter((key) => !isFixed(key) && differs(key))
        .map(path),
    ],
    restart: serverKeys(after)
      .filter((key) => isFixed(key) && differs(key))
      .map(path),
  }
}

/** The new configuration with what a running server can't change as it was. */
export function keepFixed(before: Config, after: Config): Config {
  const kept = Object.fromEntries(fixed.map((key) => [key, before.server[key]]))
  return { ...after, server: { ...after.server, ...(kept as Pick<Config['server'], Fixed>) } }
}

type ServerKey = keyof Config['server']

const fixed = ['host', 'port', 'dataDir', 'logFile', 'logFormat'] as const satisfies readonly ServerKey[]
type Fixed = (typeof fixed)[number]

function isFixed(key: ServerKey): boolean {
  return (fixed as readonly ServerKey[]).includes(key)
}

function serverKeys({ server }: Config): readonly ServerKey[] {
  return Object.keys(server) as ServerKey[]
}

/** Each app with its own secrets, as one that gets another secret has changed. */
function appsOf({ apps, secrets }: Config): ReadonlyMap<string, unknown> {
  const own = (ids: readonly string[]): unknown => secrets.filter(({ id }) => ids.includes(id))
  return new Map(apps.map((app) => [app.name, { app, secrets: own(app.webhookSecretIds) }]))
}

function restOf({ secrets, allowUnsigned, ignore }: Config): Readonly<Record<string, unknown>> {
  return {
    'webhook.secrets': secrets.filter(({ id }) => id.startsWith('webhook.')),
    'webhook.allowUnsigned': allowUnsigned,
    ignore,
  }
}
