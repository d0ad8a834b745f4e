import {
  type Delivery,
  type DeployError,
  isDeployError,
  type Logger,
  parsePayload,
  type Push,
  readPush,
} from '@fairway/core'
import {
  type Answer,
  createDoor,
  type Receipt,
  RefusedRequest,
  type WebhookRequest,
} from '@fairway/core/webhook'
import { deliveryHeaders } from './delivery-headers.ts'
import { holdLog } from './hold-log.ts'
import type { Journal } from './journal/journal.ts'
import { keepHeaders } from './journal/kept-headers.ts'
import type { Received, ReceivePipeline } from './pipelines.ts'
import type { Worker } from './worker.ts'

export interface ReceiverOptions {
  /** The pipeline as it is configured now. */
  readonly pipeline: () => ReceivePipeline
  readonly journal: Pick<Journal, 'accept' | 'refused'>
  readonly worker: Pick<Worker, 'wake'>
  readonly log: Logger
  /** Writes what is logged meanwhile at once; a delivery logs several lines. */
  readonly together?: (say: () => void) => void
  /** Masks secrets in what the answer repeats of the push. */
  readonly redact?: (text: string) => string
  /** Told of every verified delivery, once it is stored. */
  readonly told?: (receipt: Receipt) => void
  /** Whether the server takes no more. */
  readonly stopping?: () => boolean
  readonly newId?: () => string
}

interface ReceiveOptions {
  /** Whether nothing is logged of one that isn't verified, as its sender fills the log otherwise; asked for such a one alone. */
  readonly quiet?: () => boolean
}

/** Answers one delivery. */
export type Receiver = (request: WebhookRequest, options?: ReceiveOptions) => Promise<Answer>

/** Core's webhook with the journal behind it: verifies a delivery, stores what is to be deployed and wakes the worker. */
export function receiver({
  pipeline,
  journal,
  worker,
  log,
  together = (say) => say(),
  told = () => {},
  stopping = () => false,
  ...rest
}: ReceiverOptions): Receiver {
  const door = createDoor<Received, Logged>({
    ...rest,
    pipeline() {
      if (stopping()) throw new RefusedRequest(503, 'The server is stopping: send it again')
      return pipeline()
    },
    headers: deliveryHeaders,
    log: (request) => request.log,

    async accept({ delivery, event, signedBy, push, apps }, request) {
      const { id } = delivery
      const accepted = {
        id,
        event,
        received: kept(delivery, signedBy),
        push,
        apps: apps.map(({ name }) => name),
      }
      const { deployments, duplicate, superseded } = await journal.accept(accepted)
      if (superseded.length > 0) request.log.info(`Superseded by a newer push: ${superseded.join(', ')}`)
      worker.wake(superseded)
      told({ id, event, deployments, duplicate })
      return { deployments, duplicate }
    },

    async skipped({ delivery, event, reason: skipped, ctx: { signedBy = [] } }) {
      const { id } = delivery
      const push = event === 'push' ? pushIn(delivery) : undefined
      await journal.accept({
        id,
        event,
        received: kept(delivery, signedBy),
        skipped,
        ...(push ? { push } : {}),
      })
      told({ id, event, deployments: [], duplicate: false, skipped })
    },

    refused(error) {
      if (isUnsigned(error)) journal.refused(error.code)
    },
  })

  return async (request, { quiet = () => false } = {}) => {
    const held = holdLog(log, together)
    const answer = await door(withLog(request, held.log))
    if (answer.status !== 401 || !quiet()) held.release()
    return answer
  }
}

/** A request with the log that what becomes of it is told to. */
interface Logged extends WebhookRequest {
  readonly log: Logger
}

function withLog(request: WebhookRequest, log: Logger): Logged {
  const { method, headers, bodyUsed } = request
  return {
    method,
    headers,
    bodyUsed,
    // Made only where it is asked for.
    get body() {
      return request.body
    },
    arrayBuffer: () => request.arrayBuffer(),
    log,
  }
}

function kept({ headers, body }: Delivery, signedBy: readonly string[]) {
  return { headers: keepHeaders(headers), body, signedBy }
}

/** What was pushed, for the record of what isn't deployed; the pipeline has read it, and found it valid. */
function pushIn(delivery: Delivery): Push {
  return readPush(parsePayload(delivery)).push
}

function isUnsigned(error: unknown): error is DeployError {
  return isDeployError(error, 'signature_missing') || isDeployError(error, 'signature_invalid')
}
