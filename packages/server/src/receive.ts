import { type Delivery, isDeployError, type Logger } from '@fairway/core'
import { holdLog } from './hold-log.ts'
import type { Acceptance, Journal } from './journal/journal.ts'
import type { ReceivePipeline } from './pipelines.ts'
import type { Worker } from './worker.ts'

/** A delivery as it comes in. */
export interface Incoming extends Pick<Delivery, 'headers' | 'body'> {
  /** Log nothing of it unless it is verified: its sender fills the log otherwise. */
  readonly quiet?: boolean
}

/** What became of a verified delivery; it is stored by then. */
export interface Receipt {
  readonly id: string
  readonly event: string
  readonly deployments: Acceptance['deployments']
  readonly duplicate: boolean
  /** Why there was nothing to deploy. */
  readonly skipped?: string
}

export interface ReceiveOptions {
  readonly pipeline: ReceivePipeline
  readonly journal: Journal
  readonly worker: Worker
  readonly log: Logger
  readonly newId?: () => string
}

/** The journal could not store a delivery; the sender should try again. */
export class NotStored extends Error {}

/** Verifies a delivery, stores what is to be deployed and wakes the worker. Rejects with `DeployError` or `NotStored`. */
export async function receive(
  { headers, body, quiet = false }: Incoming,
  { pipeline, journal, worker, log: given, newId = () => crypto.randomUUID() }: ReceiveOptions,
): Promise<Receipt> {
  const { log, release } = holdLog(given)
  if (!quiet) release()
  log.info('Webhook request received.')
  const id = deliveryId(headers) ?? newId()
  const outcome = await pipeline.run({ delivery: { headers, body, id } }, { log })
  if (!isUnsigned(outcome)) release()
  const event = outcome.ctx.event ?? 'unknown'
  if (outcome.status === 'success') {
    const { push, apps } = outcome.ctx
    const accepted = { id, event, push, apps: apps.map(({ name }) => name) }
    const { deployments, duplicate, superseded } = await store(journal.accept(accepted))
    worker.wake(superseded)
    return { id, event, deployments, duplicate }
  }
  if (outcome.status === 'skipped') {
    const { reason: skipped } = outcome
    await store(journal.accept({ id, event, skipped }))
    return { id, event, deployments: [], duplicate: false, skipped }
  }
  const { error } = outcome
  if (isDeployError(error, 'payload_invalid')) {
    log.error(`Error parsing webhook payload or processing request: ${error.message}`)
  }
  throw error
}

/** The host's own id, by which it is known again; one of another shape is no id. */
function deliveryId(headers: Incoming['headers']): string | undefined {
  const id = headers['x-github-delivery'] ?? ''
  return /^[A-Za-z0-9-]{1,64}$/.test(id) ? id : undefined
}

function isUnsigned(outcome: Awaited<ReturnType<ReceivePipeline['run']>>): boolean {
  if (!('error' in outcome)) return false
  return (
    isDeployError(outcome.error, 'signature_missing') || isDeployError(outcome.error, 'signature_invalid')
  )
}

async function store<T>(stored: Promise<T>): Promise<T> {
  try {
    return await stored
  } catch (cause) {
    throw new NotStored('The delivery could not be stored', { cause })
  }
}
