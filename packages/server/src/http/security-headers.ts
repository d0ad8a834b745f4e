import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/** Nothing may be loaded, run or framed, but what a page names as its own. */
export function securityHeaders(
  sources: { readonly styleSrc?: string[]; readonly imgSrc?: string[] } = {},
): MiddlewareHandler {
  const none = ["'none'"]
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: none,
      ...sources,
      baseUri: none,
      formAction: none,
      frameAncestors: none,
    },
    // A page's own policy stands.
    overwrite: false,
    xFrameOptions: 'DENY',
    // Only who ends TLS knows whether there is TLS: the proxy in front says it.
    strictTransportSecurity: false,
    xDownloadOptions: false,
    xXssProtection: false,
    xDnsPrefetchControl: false,
    xPermittedCrossDomainPolicies: false,
    originAgentCluster: false,
  })
}
