import { type DeployErrorCode, describeError, isDeployError } from '../errors.ts'
import type { Logger } from '../run.ts'
import { RefusedRequest } from './refused-request.ts'

/** What one delivery led to for one app. */
export interface AcceptedDeployment {
  readonly id: string
  readonly app: string
  /** One of the words a deployment's status is told in: `queued`, `success`, ... */
  readonly status: string
}

/** An answer as any server can send it; names of headers in lower case. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What became of a verified delivery; it is stored by then. */
export interface Receipt {
  readonly id: string
  readonly event: string
  readonly deployments: readonly AcceptedDeployment[]
  /** Every app of it was taken up by an earlier receipt of the same delivery. */
  readonly duplicate: boolean
  /** Why there was nothing to deploy. */
  readonly skipped?: string
}

/** What was to be stored could not be; the sender should try again. */
export class NotStored extends Error {
  override readonly name = 'NotStored'
}

/** 202, or 200 for a ping and for a delivery that was seen before. */
export function answerReceipt({ id, event, deployments, duplicate, skipped }: Receipt): Answer {
  const body = {
    message: 'Webhook received and processing started in background!',
    delivery: id,
    deployments,
    ...(duplicate ? { duplicate } : {}),
    ...(skipped === undefined ? {} : { skipped }),
  }
  return json(body, duplicate || event === 'ping' ? 200 : 202)
}

/** The same as fetch's Response: made like this, a server of Node's sends it as it is, and one of `Response.json` by way of a stream. */
export function toResponse({ status, headers, body }: Answer): Response {
  return new Response(body, { status, headers })
}

/** What a refused delivery is told; a bug is told nothing but that it is one. */
export function answerError(error: unknown, log: Logger): Answer {
  if (error instanceof NotStored) {
    log.error(`${error.message}: ${describeError(error.cause)}`)
    return refusal(503, error.message)
  }
  if (error instanceof RefusedRequest) return refusal(error.status, error.message)
  const status = isDeployError(error) ? statuses.get(error.code) : undefined
  if (status !== undefined) return refusal(status, (error as Error).message)
  log.error(
    `Unexpected error in POST /webhook: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  )
  return json({ detail: 'Internal Server Error', code: 'internal' }, 500)
}

function refusal(status: number, detail: string): Answer {
  return json({ detail }, status, headers.get(status))
}

function json(body: object, status: number, more: Answer['headers'] = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...more }, body: JSON.stringify(body) }
}

const headers: ReadonlyMap<number, Answer['headers']> = new Map([
  [405, { allow: 'POST' }],
  [503, { 'retry-after': '30' }],
])

const statuses: ReadonlyMap<DeployErrorCode, number> = new Map([
  ['signature_missing', 401],
  ['signature_invalid', 401],
  ['payload_invalid', 400],
  ['content_type_unsupported', 415],
])
