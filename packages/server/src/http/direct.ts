import type { WebhookHeaders, WebhookRequest } from '@fairway/core/webhook'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FrontDoor } from './front-door.ts'
import { securityHeaders } from './security-headers.ts'

/** Answers a request where it can; false: it is for somebody else. */
export type Direct = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean

/**
 * Answers deliveries as git hosts send them, and nothing else: a POST of a small body of known length to the very path. The app
 * would answer the same, but making a Request of each, finding its route and reading the Response costs more than verifying it.
 */
export function direct(door: FrontDoor): Direct {
  return (incoming, outgoing) => {
    if (incoming.method !== 'POST' || incoming.url !== '/webhook' || incoming.httpVersion !== '1.1')
      return false
    const headers = readHeaders(incoming)
    if (!isPlain(headers)) return false
    void answer(door, toRequest(incoming, headers), incoming, outgoing)
    return true
  }
}

async function answer(
  door: FrontDoor,
  request: WebhookRequest,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { status, headers, body } = await door(request, () => ({
    peer: incoming.socket.remoteAddress,
    forwardedFor: request.headers.get('x-forwarded-for') ?? undefined,
  }))
  outgoing.writeHead(status, { ...headers, ...securityHeaders, 'content-length': Buffer.byteLength(body) })
  outgoing.end(body)
}

/** Names in lower case, those that were sent more than once joined, as fetch's Headers has it; Node's own drops some of them. */
function readHeaders({ rawHeaders }: IncomingMessage): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? ''
    const value = rawHeaders[i + 1] ?? ''
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return headers
}

/** Whether there is nothing about it that the app is better asked for. */
function isPlain(headers: ReadonlyMap<string, string>): boolean {
  const length = headers.get('content-length') ?? ''
  return (
    /^\d{1,6}$/.test(length) &&
    plainHost.test(headers.get('host') ?? '') &&
    !headers.has('transfer-encoding') &&
    !headers.has('upgrade')
  )
}

/** What the app's adapter takes without a closer look. */
const plainHost = /^[a-z0-9._-]+(?::(?:[1-5]\d{3,4}|[6-9]\d{3}))?$/

function toRequest(incoming: IncomingMessage, headers: ReadonlyMap<string, string>): WebhookRequest {
  return {
    method: 'POST',
    headers: headers satisfies WebhookHeaders,
    bodyUsed: false,
    // Small, and so read as a whole.
    body: null,
    arrayBuffer: () => readWhole(incoming),
  }
}

function readWhole(incoming: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => resolve(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)))
    incoming.on('error', reject)
  })
}
