import type { Hono } from 'hono'
import { generateSpecs } from 'hono-openapi'

export type OpenApiDocument = Awaited<ReturnType<typeof generateSpecs>>

/** The OpenAPI 3.1 document of an app's described routes; made once, when it is first asked for. */
export function openApiDocument(app: Hono): () => Promise<OpenApiDocument> {
  let made: Promise<OpenApiDocument> | undefined
  // Hono's `{}` for the environment and hono-openapi's default differ in name only.
  return () => (made ??= generateSpecs(app, { documentation, excludeStaticFile: false }))
}

const documentation = {
  openapi: '3.1.1',
  info: {
    title: 'Fairway',
    version: '1',
    description:
      'A git push becomes a running Docker Compose app: the webhook that takes it, and what tells how the server is. ' +
      'Errors are JSON with `detail`, and with `code` beside the webhook. ' +
      'A path that is not listed is answered 404, another method 405 with `Allow`, and what is no proper HTTP 400, 408 or 431.',
  },
  components: {
    securitySchemes: {
      signature: {
        type: 'apiKey' as const,
        in: 'header',
        name: 'X-Hub-Signature-256',
        description: 'The HMAC-SHA256 of the body with the webhook secret',
      },
    },
  },
}
