import { type DeployErrorCode, isDeployError } from '../errors.ts'
import type { Logger } from '../run.ts'

/** What one delivery led to for one app. */
export interface AcceptedDeployment {
  readonly id: string
  readonly app: string
  /** One of the words a deployment's status is told in: `queued`, `success`, ... */
  readonly status: string
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

/** 202, or 200 for a ping and for a delivery that was seen before. */
export function answerReceipt({ id, event, deployments, duplicate, skipped }: Receipt): Response {
  const body = {
    message: 'Webhook received and processing started in background!',
    delivery: id,
    deployments,
    ...(duplicate ? { duplicate } : {}),
    ...(skipped === undefined ? {} : { skipped }),
  }
  return Response.json(body, { status: duplicate || event === 'ping' ? 200 : 202 })
}

/** What a refused delivery is told; a bug is told nothing but that it is one. */
export function answerError(error: unknown, log: Logger): Response {
  if (error instanceof Error && error.name === 'NotStored') {
    log.error(`${error.message}: ${String(error.cause)}`)
    return Response.json({ detail: error.message }, { status: 503, headers: { 'Retry-After': '30' } })
  }
  const status = isDeployError(error) ? statuses.get(error.code) : undefined
  if (status !== undefined) return Response.json({ detail: (error as Error).message }, { status })
  log.error(
    `Unexpected error in POST /webhook: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  )
  return Response.json({ detail: 'Internal Server Error', code: 'internal' }, { status: 500 })
}

const statuses: ReadonlyMap<DeployErrorCode, number> = new Map([
  ['signature_missing', 401],
  ['signature_invalid', 401],
  ['payload_invalid', 400],
  ['content_type_unsupported', 415],
])
