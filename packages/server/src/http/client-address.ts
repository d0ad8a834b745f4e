import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { BlockList, isIP, isIPv6 } from 'node:net'

/** Tells who sent a request: the other end of the connection, or, behind a trusted proxy, whom that one names. */
export function clientAddress(trustedProxies: readonly string[]): (c: Context) => string {
  const trusted = toBlockList(trustedProxies)
  const isTrusted = (address: string): boolean => trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  return (c) => {
    const peer = connectionAddress(c)
    if (peer === undefined) return 'unknown'
    // From the right: what stands further left was written by whoever is not trusted, and may be made up.
    const named = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => normalise(part.trim()))
    const chain = [...named, peer]
    for (let i = chain.length - 1; i > 0; i--) {
      const address = chain[i] ?? ''
      if (!isTrusted(address)) return address
      if (isIP(chain[i - 1] ?? '') === 0) return address
    }
    return chain[0] ?? peer
  }
}

/** Undefined where there is no connection, as in a test or under another runtime. */
function connectionAddress(c: Context): string | undefined {
  const env: unknown = c.env
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined
  const { address } = getConnInfo(c).remote
  return address === undefined ? undefined : normalise(address)
}

/** An IPv4 address as it is, also where a dual-stack socket shows it as IPv6; none with a zone, which no list can hold. */
function normalise(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
}

function toBlockList(addresses: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of addresses) {
    const [address = '', prefix] = text.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}
