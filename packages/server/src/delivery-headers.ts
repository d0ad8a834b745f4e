import type { WebhookHeaders } from '@fairway/core/webhook'
import { keptHeaders } from './journal/kept-headers.ts'

const seen = [...keptHeaders, 'x-hub-signature-256'] as const

/**
 * The headers of a delivery that anything behind the door gets to see: those that are stored, and the signature; names in lower
 * case. What isn't passed on can't be logged or stored: GitHub itself once sent the secret in a header of its own.
 */
export function deliveryHeaders(headers: Pick<WebhookHeaders, 'get'>): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  // Asked for one by one: a list of all of them costs more than what they are asked for.
  for (const name of seen) {
    const value = headers.get(name)
    if (typeof value === 'string') found[name] = value
  }
  return found
}
