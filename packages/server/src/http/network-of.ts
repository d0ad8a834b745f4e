import { isIPv6 } from 'node:net'

/** What one sender can choose freely: an IPv4 address, or the /64 that an IPv6 address is in. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  // URL writes every IPv6 address in one way, with one `::` at most.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const all = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
  return `${all.slice(0, 4).join(':')}::/64`
}

function groups(text: string): readonly string[] {
  return text === '' ? [] : text.split(':')
}
