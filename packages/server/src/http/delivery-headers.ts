/**
 * The headers of a delivery that anything behind the door gets to see. What isn't read can't be logged or stored:
 * GitHub itself once sent the secret in a header of its own.
 */
const read = ['content-type', 'x-github-event', 'x-github-delivery', 'x-hub-signature-256']

/** Picks them; names in lower case, one that is missing is not there. */
export function deliveryHeaders(headers: Headers): Readonly<Record<string, string>> {
  return Object.fromEntries(
    read.flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}
