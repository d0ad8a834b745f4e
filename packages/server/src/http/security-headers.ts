import type { MiddlewareHandler } from 'hono'

/** Names in lower case. Nothing about TLS: only who ends it knows whether there is any, and that is the proxy in front. */
export const securityHeaders: Readonly<Record<string, string>> = headersWith({})

/** Nothing may be loaded, run or framed, but what a page names as its own; that page's own policy stands. */
export function secure(sources: Sources = {}): MiddlewareHandler {
  const headers = Object.entries(headersWith(sources))
  return async (c, next) => {
    await next()
    for (const [name, value] of headers) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  }
}

/** Directives of a content security policy. */
type Sources = Readonly<Record<string, readonly string[]>>

function headersWith(sources: Sources): Readonly<Record<string, string>> {
  const none = ["'none'"]
  const policy = {
    'default-src': none,
    ...sources,
    'base-uri': none,
    'form-action': none,
    'frame-ancestors': none,
  }
  return {
    'content-security-policy': Object.entries(policy)
      .map(([directive, values]) => [directive, ...values].join(' '))
      .join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  }
}
