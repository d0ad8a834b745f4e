import {
  type Delivery,
  type DeployError,
  isDeployError,
  type Logger,
  parsePayload,
  type Push,
  readPush,
} from '@fairway/core'
import { holdLog } from './hold-log.ts'
import type { Acceptance, Journal } from './journal/journal.ts'
import { keepHeaders } from './journal/kept-headers.ts'
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
  readonly journal: Pick<Journal, 'accept' | 'refused'>
  readonly worker: Pick<Worker, 'wake'>
  readonly log: Logger
  /** Writes what is logged meanwhile at once; a delivery logs several lines. */
  readonly together?: (say: () => void) => void
  readonly newId?: () => string
}

/** The journal could not store a delivery; the sender should try again. */
export class NotStored extends Error {}

/** The server stops; the sender should try again. */
export class Stopping extends Error {}

/** Verifies a delivery, stores what is to be deployed and wakes the worker. Rejects with `DeployError` or `NotStored`. */
export async function receive(
  { headers, body, quiet = false }: Incoming,
  {
    pipeline,
    journal,
    worker,
    log: given,
    together = (say) => say(),
    newId = () => crypto.randomUUID(),
  }: ReceiveOptions,
): Promise<Receipt> {
  const { log, release } = holdLog(given, together)
  log.info('Webhook request received.')
  const id = deliveryId(headers) ?? newId()
  const delivery = { headers, body, id }
  const outcome = await pipeline.run({ delivery }, { log })
  if ('error' in outcome) {
    const { error } = outcome
    const unsigned = isUnsigned(error)
    if (unsigned) journal.refused(error.code)
    if (isDeployError(error, 'payload_invalid')) {
      log.error(`Error parsing webhook payload or processing request: ${error.message}`)
    }
    if (!unsigned || !quiet) release()
    throw error
  }
  const { event = 'unknown', signedBy = [] } = outcome.ctx
  const received = { headers: keepHeaders(headers), body, signedBy }
  try {
    if (outcome.status === 'skipped') {
      const { reason: skipped } = outcome
      const push = event === 'push' ? pushIn(delivery) : undefined
      await store(journal.accept({ id, event, received, skipped, ...(push ? { push } : {}) }))
      return { id, event, deployments: [], duplicate: false, skipped }
    }
    const { push, apps } = outcome.ctx
    const accepted = { id, event, received, push, apps: apps.map(({ name }) => name) }
    const { deployments, duplicate, superseded } = await store(journal.accept(accepted))
    if (superseded.length > 0) log.info(`Superseded by a newer push: ${superseded.join(', ')}`)
    worker.wake(superseded)
    return { id, event, deployments, duplicate }
  } finally {
    release()
  }
}

/** The host's own id, by which it is known again; one of another shape is no id. */
function deliveryId(headers: Incoming['headers']): string | undefined {
  const id = headers['x-github-delivery'] ?? ''
  return /^[A-Za-z0-9-]{1,64}$/.test(id) ? id : undefined
}

function isUnsigned(error: unknown): error is DeployError {
  return isDeployError(error, 'signature_missing') || isDeployError(error, 'signature_invalid')
}

/** What was pushed, for the record of what isn't deployed; the pipeline has read it, and found it valid. */
function pushIn(delivery: Delivery): Push {
  return readPush(parsePayload(delivery)).push
}

async function store<T>(stored: Promise<T>): Promise<T> {
  try {
    return await stored
  } catch (cause) {
    throw new NotStored('The delivery could not be stored', { cause })
  }
}
