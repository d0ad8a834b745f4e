import { collectSecrets, secretId } from './secrets.ts'
import type { Servable } from './serve-mistakes.ts'

export type Fields = Readonly<Record<string, unknown>>

/** An object that is nothing but its own keys. */
export function isFields(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** The apps as configured, whether or not the rest of them is right, so that every mistake is found at once. */
export type RawApps = ReadonlyMap<string, Fields>

export function rawApps(data: unknown): RawApps {
  return new Map(
    Object.entries(fieldsOf(data, 'apps')).map(([name, app]) => [name, isFields(app) ? app : {}]),
  )
}

export function isOn(app: Fields): boolean {
  return word(app['enabled']) !== 'false'
}

/** As much of a configuration with mistakes as `serveMistakes` can judge. */
export function servable(data: unknown, isOff: (name: string) => boolean): Servable {
  const webhook = fieldsOf(data, 'webhook')
  const { host } = fieldsOf(data, 'server')
  const apps = [...rawApps(data)]
    .filter(([name, app]) => isOn(app) && !isOff(name))
    .map(([name, app]) => ({ name, webhookSecrets: list(app['webhookSecrets']) }))
  return {
    server: { host: typeof host === 'string' ? host : '127.0.0.1' },
    secrets: collectSecrets({ global: list(webhook['secrets']), apps }),
    allowUnsigned: word(webhook['allowUnsigned']) === 'true',
    apps: apps.map(({ name, webhookSecrets }) => ({
      name,
      webhookSecretIds: webhookSecrets.map((_, index) => secretId(name, index)),
    })),
  }
}

function fieldsOf(data: unknown, key: string): Fields {
  const value = isFields(data) ? data[key] : undefined
  return isFields(value) ? value : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A boolean, also one that a variable gave as text. */
function word(value: unknown): string {
  return String(value).trim().toLowerCase()
}
