import type { Webhook } from '@fairway/core/webhook'
import fastify, { type FastifyInstance } from 'fastify'

/** In a scope of its own the body stays bytes; outside of it Fastify parses JSON as always. */
export function fastifyApp(webhook: Webhook): FastifyInstance {
  const app = fastify({ bodyLimit: 25 * 1024 * 1024 })
  app.get('/', () => 'the shop')
  app.post('/orders', (request) => ({ ordered: request.body }))
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.post<{ Body: Buffer }>('/deploy/webhook', async (request, reply) => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const)
      const answer = await webhook(
        new Request(new URL(request.url, 'http://localhost'), {
          method: 'POST',
          headers: Object.fromEntries(headers),
          body: new Uint8Array(request.body),
        }),
      )
      return reply
        .code(answer.status)
        .headers(Object.fromEntries(answer.headers))
        .send(await answer.text())
    })
  })
  return app
}
