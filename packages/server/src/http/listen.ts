import { getRequestListener } from '@hono/node-server'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { badRequest, refuseConnection } from './bad-request.ts'
import type { Direct } from './direct.ts'
import type { HttpApp } from './routes.ts'

export interface Listening {
  /** Where it can be reached, such as `http://127.0.0.1:8000`. */
  readonly url: string
  /** Takes no new connections and ends those that are idle; after `grace` milliseconds all of them. */
  close(grace?: number): Promise<void>
}

const serverOptions = {
  // Slow senders are cut off: headers within 5 s, the whole request within 10 s, looked at every second.
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  // We refuse it ourselves, in words.
  requireHostHeader: false,
}

/** What answers requests. */
export interface Answering {
  readonly app: HttpApp
  /** Asked before the app. */
  readonly direct?: Direct
}

/** Opens the socket; rejects when the address can't be had. */
export function listen(
  { app, direct = () => false }: Answering,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const answer = getRequestListener(app.fetch, { errorHandler: badRequest })
  // HTTP/1.0, which old probes speak, knows no Host; since then a request without it is a mistake.
  const answerOld = getRequestListener(app.fetch, { errorHandler: badRequest, hostname: 'localhost' })
  const server = createServer(serverOptions, (incoming, outgoing) => {
    if (direct(incoming, outgoing)) return
    void (incoming.httpVersion === '1.0' ? answerOld : answer)(incoming, outgoing)
  })
  refuseConnection(server)
  // Room for the slow ones beside those that are served, yet not for all the memory there is.
  server.maxConnections = 4_096
  // Whoever does not take the answer either.
  server.setTimeout(30_000)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const name = host.includes(':') ? `[${host}]` : host
      const { port: bound } = server.address() as AddressInfo
      resolve({ url: `http://${name}:${bound}`, close: (grace) => close(server, grace) })
    })
  })
}

async function close(server: Server, grace = 2_000): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), grace)
  await ended
  clearTimeout(timer)
}
