import { createHmac, randomUUID } from 'node:crypto'
import type { Delivery } from '../domain/delivery.ts'

export interface SignedDeliveryOptions {
  readonly secret: string
  /** Default: `pushPayload()`. */
  readonly payload?: unknown
  /** The body as it is, instead of `payload`; a string stands for its UTF-8 bytes. */
  readonly body?: Uint8Array | string
  /** Default: `push`. */
  readonly event?: string
  /** Default: a new one each time. */
  readonly id?: string
  /** `application/x-www-form-urlencoded` sends the payload as a form, any other type as JSON. Default: `application/json`. */
  readonly contentType?: string
  /** Headers in lower case that replace or, where undefined, take away what is sent otherwise. */
  readonly headers?: Delivery['headers']
}

/** A delivery as GitHub sends it: headers, and the body's bytes signed with the secret. */
export function signedDelivery({
  secret,
  payload = pushPayload(),
  event = 'push',
  id = randomUUID(),
  contentType = 'application/json',
  body = encode(payload, contentType),
  headers = {},
}: SignedDeliveryOptions): Delivery {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return {
    id,
    body: bytes,
    headers: {
      'content-type': contentType,
      'user-agent': 'GitHub-Hookshot/0000000',
      'x-github-event': event,
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`,
      ...headers,
    },
  }
}

/** GitHub signs the text of the form, not the payload in it. */
function encode(payload: unknown, contentType: string): string {
  const json = JSON.stringify(payload)
  return contentType.startsWith('application/x-www-form-urlencoded')
    ? new URLSearchParams({ payload: json }).toString()
    : json
}

export interface PushPayloadOptions {
  /** `owner/name`; a bare name gives a payload without `full_name`, as the seed's curl line sends it. Default: `acme/shop`. */
  readonly repository?: string
  /** Default: `refs/heads/main`. */
  readonly ref?: string
  /** Left out by default, as are `after` and `deleted`. */
  readonly before?: string
  readonly after?: string
  readonly deleted?: boolean
  /** Default: `ada`. */
  readonly pusher?: string
}

/** The part of GitHub's push payload that says what was pushed. */
export interface PushPayload {
  readonly ref: string
  readonly before?: string
  readonly after?: string
  readonly deleted?: boolean
  readonly repository: { readonly name: string; readonly full_name?: string }
  readonly pusher: { readonly name: string }
}

/** A push payload as GitHub sends it, without what nobody reads. */
export function pushPayload({
  repository = 'acme/shop',
  ref = 'refs/heads/main',
  pusher = 'ada',
  ...rest
}: PushPayloadOptions = {}): PushPayload {
  const name = repository.slice(repository.lastIndexOf('/') + 1)
  const fullName = repository.includes('/') ? { full_name: repository } : {}
  return { ref, ...rest, repository: { name, ...fullName }, pusher: { name: pusher } }
}
