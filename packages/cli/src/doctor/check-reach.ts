import { type Config, isLoopback } from '@fairway/server'
import { cleanText } from '@fairway/core'
import { type Finding, ok, warning } from './finding.ts'
import { holderOf, listeners } from './listeners.ts'

/** Who reaches the server, and whether through a reverse proxy. */
export async function checkReach({
  host,
  port,
  trustedProxies,
}: Config['server']): Promise<readonly Finding[]> {
  const wide = trustedProxies.filter((network) => network.endsWith('/0'))
  const tooMany = wide.map((network) =>
    warning(
      'reach',
      `server.trustedProxies has ${network}, which is everybody: any sender can pass for any other`,
      'Name the address of the reverse proxy alone, such as 127.0.0.1',
    ),
  )
  return [...tooMany, await look({ host, port, trustedProxies })]
}

async function look({
  host,
  port,
  trustedProxies,
}: Pick<Config['server'], 'host' | 'port' | 'trustedProxies'>): Promise<Finding> {
  if (!isLoopback(host)) {
    return warning(
      'reach',
      `listens on ${host} without TLS: signatures protect it, but payloads can be read on the way`,
      'Put Caddy or nginx with TLS in front and listen on 127.0.0.1',
    )
  }
  if (trustedProxies.length > 0) {
    return ok('reach', `listens on ${host} behind ${trustedProxies.join(', ')}`)
  }
  const proxy = (await listeners()).find((listener) => [443, 80].includes(listener.port))
  if (proxy === undefined) {
    return warning(
      'reach',
      `listens on ${host} only: a git host elsewhere reaches it through a reverse proxy`,
      `Put Caddy or nginx with TLS in front, passing /webhook on to ${host}:${port}, and its address into server.trustedProxies`,
    )
  }
  const holder = (await holderOf(proxy)) ?? 'another program'
  return warning(
    'reach',
    `listens on ${host} only, and ${cleanText(holder)} on port ${proxy.port}: if that passes deliveries on, all of them seem to come from one sender`,
    'Set server.trustedProxies: [127.0.0.1], and let it send X-Forwarded-For',
  )
}
