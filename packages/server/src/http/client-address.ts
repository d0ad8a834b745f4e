import { BlockList, isIP, isIPv6 } from 'node:net'

/** What a request says of where it comes from. */
export interface Sender {
  /** The other end of the connection; undefined where there is none, as in a test or under another runtime. */
  readonly peer: string | undefined
  /** X-Forwarded-For. */
  readonly forwardedFor: string | undefined
}

/** Tells who sent a request: the other end of the connection, or, behind a trusted proxy, whom that one names. */
export function clientAddress(trustedProxies: readonly string[]): (sender: Sender) => string {
  const trusted = toBlockList(trustedProxies)
  const isTrusted = (address: string): boolean => trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  return ({ peer: given, forwardedFor = '' }) => {
    if (given === undefined) return 'unknown'
    const peer = normalise(given)
    // From the right: what stands further left was written by whoever is not trusted, and may be made up.
    const named = forwardedFor.split(',').map((part) => normalise(part.trim()))
    const chain = [...named, peer]
    for (let i = chain.length - 1; i > 0; i--) {
      const address = chain[i] ?? ''
      if (!isTrusted(address)) return address
      if (isIP(chain[i - 1] ?? '') === 0) return address
    }
    return chain[0] ?? peer
  }
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
