import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Whether `header` (`X-Hub-Signature-256`: `sha256=` and 64 hex digits) is the HMAC-SHA256 of the body's bytes
 * with this secret. Compares in constant time; anything malformed is simply no match.
 * Source: GitHub, "Validating webhook deliveries".
 */
export function matchesSignature(body: Uint8Array, header: string, secret: string): boolean {
  // Checked first: two strings that are no hex both decode to nothing, and would compare equal.
  const digest = /^sha256=([0-9a-f]{64})$/i.exec(header)?.[1]
  if (digest === undefined || secret === '') return false
  return timingSafeEqual(Buffer.from(digest, 'hex'), createHmac('sha256', secret).update(body).digest())
}
