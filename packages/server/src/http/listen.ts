import { serve } from '@hono/node-server'
import type { Server } from 'node:http'
import type { HttpApp } from './routes.ts'

export interface Listening {
  /** Where it can be reached, such as `http://127.0.0.1:8000`. */
  readonly url: string
  /** Takes no new connections and ends those that are idle; after `grace` milliseconds all of them. */
  close(grace?: number): Promise<void>
}

/** Slow senders are cut off: headers within 5 s, the whole request within 10 s, looked at every second. */
const serverOptions = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 }

/** Opens the socket; rejects when the address can't be had. */
export function listen(
  app: HttpApp,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port, serverOptions }, ({ port: bound }) => {
      server.off('error', reject)
      const name = host.includes(':') ? `[${host}]` : host
      resolve({ url: `http://${name}:${bound}`, close: (grace) => close(server as Server, grace) })
    })
    server.once('error', reject)
  })
}

async function close(server: Server, grace = 2_000): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), grace)
  await ended
  clearTimeout(timer)
}
