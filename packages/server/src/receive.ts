import {
  type Delivery,
  type DeployError,
  isDeployError,
  type Logger,
  parsePayload,
  type Push,
  readPush,
} from '@fairway/core'
import { createWebhook, type Receipt, RefusedRequest } from '@fairway/core/webhook'
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

/** Answers one delivery; `quiet`: logs nothing of it unless it is verified, as its sender fills the log otherwise. */
export type Receiver = (request: Request, options?: { readonly quiet?: boolean }) => Promise<Response>

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
  const logs = new WeakMap<Request, Logger>()
  const logOf = (request: Request): Logger => logs.get(request) ?? log

  const webhook = createWebhook<Received>({
    ...rest,
    pipeline() {
      if (stopping()) throw new RefusedRequest(503, 'The server is stopping: send it again')
      return pipeline()
    },
    headers: deliveryHeaders,
    log: logOf,

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
      if (superseded.length > 0) logOf(request).info(`Superseded by a newer push: ${superseded.join(', ')}`)
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

  return async (request, { quiet = false } = {}) => {
    const held = holdLog(log, together)
    logs.set(request, held.log)
    const answer = await webhook(request)
    if (answer.status !== 401 || !quiet) held.release()
    return answer
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
