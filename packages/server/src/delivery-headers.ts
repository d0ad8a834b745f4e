import { keepHeaders } from './journal/kept-headers.ts'

const signature = 'x-hub-signature-256'

/**
 * The headers of a delivery that anything behind the door gets to see: those that are stored, and the signature; names in lower
 * case. What isn't passed on can't be logged or stored: GitHub itself once sent the secret in a header of its own.
 */
export function deliveryHeaders(headers: Headers): Readonly<Record<string, string>> {
  const signed = headers.get(signature)
  return {
    ...keepHeaders(Object.fromEntries(headers)),
    ...(signed === null ? {} : { [signature]: signed }),
  }
}
