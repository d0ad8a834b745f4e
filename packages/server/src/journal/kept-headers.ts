/**
 * The headers that are stored with a delivery: those that say what it is. None that could hold a secret, and no signature: it
 * was verified, and whoever reads the journal shouldn't be able to send the same again.
 */
export const keptHeaders = [
  'content-type',
  'user-agent',
  'x-github-delivery',
  'x-github-event',
  'x-github-hook-id',
  'x-github-hook-installation-target-id',
  'x-github-hook-installation-target-type',
] as const

const kept: ReadonlySet<string> = new Set(keptHeaders)

/** Those of them that a delivery has, names in lower case. */
export function keepHeaders(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found: Record<string, string> = {}
  for (const given of Object.keys(headers)) {
    const name = kept.has(given) ? given : given.toLowerCase()
    const value = headers[given]
    if (value !== undefined && kept.has(name)) found[name] = value
  }
  return found
}
