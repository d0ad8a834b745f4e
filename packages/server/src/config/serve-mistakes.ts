import { BlockList, isIP } from 'node:net'
import type { App } from '@fairway/core'
import type { Config } from './config.ts'
import type { Mistake } from './config-error.ts'

/** What of a configuration a server's safety depends on. */
export interface Servable extends Pick<Config, 'secrets' | 'allowUnsigned'> {
  readonly server: Pick<Config['server'], 'host'>
  readonly apps: readonly Pick<App, 'name' | 'webhookSecretIds'>[]
}

/** Why a server must not start with this configuration; a deploy by hand needs none of it. */
export function serveMistakes({ server, secrets, allowUnsigned, apps }: Servable): readonly Mistake[] {
  const hasGlobal = secrets.some(({ id }) => id.startsWith('webhook.'))
  const unprotected = apps
    .filter(({ webhookSecretIds }) => webhookSecretIds.length === 0)
    .map(({ name }) => name)
  return [
    ...(unprotected.length > 0 && !hasGlobal && !allowUnsigned ? [noSecret(unprotected)] : []),
    ...secrets.flatMap(({ id, value }) => weakSecret(id, value)),
    ...(allowUnsigned && !isLoopback(server.host) ? [unsigned] : []),
  ]
}

function noSecret(apps: readonly string[]): Mistake {
  const message = `there is none, so nothing protects ${apps.join(', ')}: set GITHUB_WEBHOOK_SECRET (\`fairway secret new\` makes one)`
  return { path: 'webhook.secrets', message }
}

function weakSecret(path: string, value: string): readonly Mistake[] {
  if (value === '') return [{ path, message: 'is empty: `fairway secret new` makes one' }]
  return value.length < 16
    ? [{ path, message: 'has fewer than 16 characters: `fairway secret new` makes one' }]
    : []
}

const unsigned: Mistake = {
  path: 'webhook.allowUnsigned',
  message:
    'lets everyone who reaches the server deploy, and `server.host` is not a loopback address: set a secret, or host to 127.0.0.1',
}

/** Whether only this machine reaches a server that listens there. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 0) return host.toLowerCase() === 'localhost'
  const loopback = new BlockList()
  loopback.addSubnet('127.0.0.0', 8)
  loopback.addAddress('::1', 'ipv6')
  return loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
}
