import type { MiddlewareHandler } from 'hono'
import { describeRoute, resolver, type ResponsesWithResolver } from 'hono-openapi'
import type { z } from 'zod'
import { healthBody, problemBody, readinessBody, statusBody } from './bodies.ts'

/** One answer with JSON in it, as `describeRoute` takes it. */
export function jsonAnswer(
  description: string,
  schema: z.ZodType,
  examples: Readonly<Record<string, unknown>>,
): ResponsesWithResolver[string] {
  const shown = Object.entries(examples).map(([summary, value]) => [keyOf(summary), { summary, value }])
  return {
    description,
    content: { 'application/json': { schema: resolver(schema), examples: Object.fromEntries(shown) } },
  }
}

/** Names of examples are keys of components, where only these characters may stand. */
function keyOf(summary: string): string {
  return summary.replaceAll(/[^\w.-]+/g, '-')
}

/** What every route answers when something breaks that should not. */
export const internalError: ResponsesWithResolver = {
  500: jsonAnswer('A bug. Its stack stands in the log, never in the answer.', problemBody, {
    'an error nobody expected': { detail: 'Internal Server Error', code: 'internal' },
  }),
}

const acceptHeader = {
  name: 'Accept',
  in: 'header',
  required: false,
  description: 'A browser, which prefers `text/html`, is sent to the documentation',
  schema: { type: 'string' },
} as const

export const describeStatus: MiddlewareHandler = describeRoute({
  operationId: 'status',
  summary: 'Is it running?',
  description: 'Says that the server runs, and nothing else about it.',
  responses: {
    200: jsonAnswer('It runs.', statusBody, { running: { message: 'Webhook server is running!' } }),
    303: {
      description: 'For a browser: the documentation is elsewhere.',
      headers: {
        Location: { description: 'Where this documentation is', schema: { type: 'string' } },
      },
    },
    404: jsonAnswer('`server.statusPage` is `false` in the configuration.', problemBody, {
      'no status page': { detail: 'Not Found', code: 'not_found' },
    }),
    ...internalError,
  },
  parameters: [acceptHeader],
})

export const describeHealth: MiddlewareHandler = describeRoute({
  operationId: 'health',
  summary: 'Is it alive?',
  description: 'Liveness: answers as long as the process does, whatever else is broken.',
  responses: {
    200: jsonAnswer('It is alive.', healthBody, { alive: { status: 'ok' } }),
    ...internalError,
  },
})

export const describeReadiness: MiddlewareHandler = describeRoute({
  operationId: 'readiness',
  summary: 'Can it work?',
  description:
    'Readiness: whether deliveries can be stored, and whether git and the Docker engine answer. Looked at once a second at most.',
  responses: {
    200: jsonAnswer('Everything answers.', readinessBody, {
      ready: { ready: true, checks: { journal: 'ok', git: 'ok', docker: 'ok' } },
    }),
    503: jsonAnswer('Something does not answer.', readinessBody, {
      'Docker is down': {
        ready: false,
        checks: {
          journal: 'ok',
          git: 'ok',
          docker: 'The Docker engine does not answer: nothing listens at /var/run/docker.sock',
        },
      },
    }),
    ...internalError,
  },
})

export const describeDocs: MiddlewareHandler = describeRoute({
  operationId: 'docs',
  summary: 'This documentation',
  description: 'For people: one page without scripts, made from the document below.',
  responses: {
    200: { description: 'The page.', content: { 'text/html': { schema: { type: 'string' } } } },
    ...internalError,
  },
})

export const describeDocument: MiddlewareHandler = describeRoute({
  operationId: 'openapi',
  summary: 'The same for programs',
  description: 'The OpenAPI 3.1 document of this server.',
  responses: {
    200: {
      description: 'The document.',
      content: { 'application/json': { schema: { type: 'object', required: ['openapi', 'info', 'paths'] } } },
    },
    ...internalError,
  },
})
