import { RequestError } from '@hono/node-server'
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** The answer to a request that never reaches a route, such as one whose Host is none. */
export function badRequest(error: unknown): Response {
  return error instanceof RequestError
    ? Response.json({ detail: 'Bad Request', code: 'bad_request' }, { status: 400 })
    : Response.json({ detail: 'Internal Server Error', code: 'internal' }, { status: 500 })
}

/** Answers what is no proper HTTP, or takes too long, as any other mistake; without that Node sends no body. */
export function refuseConnection(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>()
  server.on('request', ({ socket }, response) => {
    answers.set(socket, response)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || !mayAnswer(answers.get(socket))) socket.destroy()
    else socket.end(message(statuses.get(error.code ?? '') ?? 400))
  })
}

/** Not in the middle of another answer, which it would be taken for a part of, nor after one that was the last. */
function mayAnswer(last: ServerResponse | undefined): boolean {
  return !last?.headersSent || (last.writableFinished && last.shouldKeepAlive)
}

function message(status: number): string {
  const detail = STATUS_CODES[status] ?? ''
  const body = JSON.stringify({ detail, code: detail.toLowerCase().replaceAll(/\W+/g, '_') })
  return [
    `HTTP/1.1 ${status} ${detail}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
}

const statuses: ReadonlyMap<string, number> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
])
