import type { Delivery } from '../domain/delivery.ts'

export interface ReadDeliveryOptions {
  /** In bytes. */
  readonly maxBody: number
  readonly newId: () => string
}

/** The delivery in a request, or the answer that refuses to read it. */
export async function readDelivery(
  request: Request,
  { maxBody, newId }: ReadDeliveryOptions,
): Promise<Delivery | Response> {
  if (request.method !== 'POST') return refuse(405, 'Only POST is supported', { Allow: 'POST' })
  // What is signed are the bytes as sent; unpacking them first would let a few of them fill the memory.
  if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity') {
    return refuse(415, 'Content-Encoding is not supported')
  }
  if (request.bodyUsed) {
    throw new TypeError(
      'The body of this request was read already: mount the webhook before whatever parses bodies',
    )
  }
  const body = await readBody(request, maxBody)
  if (body === undefined) return refuse(413, `The body is larger than ${maxBody / 1024 / 1024} MiB`)
  const headers = Object.fromEntries(request.headers)
  return { id: deliveryId(headers) ?? newId(), headers, body }
}

function refuse(status: number, detail: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json({ detail }, { status, headers })
}

/** The bytes as received; undefined where there are more than allowed, without having kept them. */
async function readBody(request: Request, maxBody: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBody) return undefined
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > maxBody) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The host's own id, by which it is known again; one of another shape is no id. */
function deliveryId(headers: Delivery['headers']): string | undefined {
  const id = headers['x-github-delivery'] ?? ''
  return /^[A-Za-z0-9-]{1,64}$/.test(id) ? id : undefined
}
