import { RefusedRequest } from './refused-request.ts'
import type { WebhookRequest } from './webhook-request.ts'

const mebibyte = 1024 * 1024

export interface BodyReaderOptions {
  /** Bytes of one body at most. */
  readonly most?: number
  /** Bytes of all bodies together that are held at once. */
  readonly budget?: number
}

/** GitHub sends no more than 25 MiB. */
export const bodyDefaults = { most: 25 * mebibyte, budget: 256 * mebibyte }

/** Reads the body of a request and hands it to `use`; rejects with a `RefusedRequest` where it can't be had. */
export type BodyReader = <T>(request: WebhookRequest, use: (body: Uint8Array) => Promise<T>) => Promise<T>

/**
 * Bytes up to which a body of a known length is read at once: servers that Node runs read it from the socket then, where a stream
 * costs more than all the rest of accepting a delivery.
 */
const small = mebibyte

interface Held {
  size: number
  readonly cut: PromiseWithResolvers<never>
}

/** Reads bodies as they are sent, each and all together within bounds. */
export function bodyReader({
  most = bodyDefaults.most,
  budget = bodyDefaults.budget,
}: BodyReaderOptions = {}): BodyReader {
  const all = new Set<Held>()
  let total = 0
  const letGo = (held: Held): void => {
    if (all.delete(held)) total -= held.size
  }

  // The largest goes first: whoever fills the memory must not push out deliveries of common size.
  const makeRoom = (): void => {
    while (total > budget) {
      const largest = [...all].reduce((one, other) => (other.size > one.size ? other : one))
      letGo(largest)
      largest.cut.reject(new RefusedRequest(503, 'Too many large bodies at once'))
    }
  }

  return async (request, use) => {
    const announced = Number(request.headers.get('content-length') ?? Number.NaN)
    if (announced > most) throw tooLarge(most)
    const held: Held = { size: 0, cut: Promise.withResolvers() }
    // It is looked at only while a part of the body is awaited.
    held.cut.promise.catch(() => {})
    all.add(held)
    try {
      if (announced <= small) return await use(await readWhole(request, announced, held))
      const parts: Uint8Array[] = []
      for (const reader = request.body?.getReader(); reader;) {
        const { done, value } = await Promise.race([reader.read().catch(brokenOff), held.cut.promise])
        if (done) break
        held.size += value.length
        total += value.length
        // Not cancelled: that would end the connection before the answer is out. What follows is drained and dropped.
        if (held.size > most) throw tooLarge(most)
        parts.push(value)
        makeRoom()
      }
      return await use(Buffer.concat(parts))
    } finally {
      letGo(held)
    }
  }

  async function readWhole(request: WebhookRequest, announced: number, held: Held): Promise<Uint8Array> {
    // All of it counts from the beginning: it may lie in memory before it can be looked at.
    held.size = announced
    total += announced
    makeRoom()
    const whole = await Promise.race([request.arrayBuffer().catch(brokenOff), held.cut.promise])
    const body = whole instanceof Uint8Array ? whole : new Uint8Array(whole)
    if (body.length > most) throw tooLarge(most)
    return body
  }
}

function tooLarge(most: number): RefusedRequest {
  return new RefusedRequest(413, `The body is larger than ${most / mebibyte} MiB`)
}

function brokenOff(cause: unknown): never {
  throw new RefusedRequest(400, 'The request ended before its body did', { cause })
}
