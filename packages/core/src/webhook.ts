/**
 * A webhook for any runtime that knows fetch's Request and Response.
 *
 * @module @fairway/core/webhook
 */

import type { App } from './domain/app.ts'
import type { Delivery } from './domain/delivery.ts'
import type { Push } from './domain/push.ts'
import { isDeployError } from './errors.ts'
import type { Outcome, Pipeline } from './pipeline.ts'
import type { Logger } from './run.ts'
import type { MaybePromise } from './step.ts'
import { answerError, answerReceipt, type Receipt } from './webhook/answer.ts'
import { readDelivery } from './webhook/read-delivery.ts'

export type { AcceptedDeployment, Receipt } from './webhook/answer.ts'

/** What a receive pipeline must have found out: `pipeline().use(verifySignature(...)).use(resolveRepo(...))` does. */
export interface Received {
  readonly delivery: Delivery
  /** The kind of event: `push`, `ping`, ... */
  readonly event: string
  readonly push: Push
  readonly apps: readonly App[]
}

export interface WebhookOptions<Ctx extends Received> {
  /** Verifies a delivery and finds the apps that it concerns; skips with a reason where there is nothing to deploy. */
  readonly pipeline: Pipeline<{ delivery: Delivery }, Ctx>
  /** Stores what is to be deployed, and gives what the answer says. What it rejects with is answered 503: the sender may try again. */
  readonly accept: (received: Ctx) => MaybePromise<Pick<Receipt, 'deployments' | 'duplicate'>>
  /** Told of a verified delivery that deploys nothing; default: nobody. What it rejects with is answered 503. */
  readonly skipped?: (delivery: {
    readonly delivery: Delivery
    readonly event: string
    readonly reason: string
  }) => MaybePromise<void>
  /** Largest body in bytes; default: 25 MiB, which is GitHub's own limit. */
  readonly maxBody?: number
  /** Default: silent. */
  readonly log?: Logger
  /** Makes an id for a delivery that brings none. */
  readonly newId?: () => string
}

/** Answers one delivery: Request in, Response out. It never rejects. */
export type Webhook = (request: Request) => Promise<Response>

/**
 * A webhook for any runtime that knows fetch's Request and Response. It verifies the body's bytes as received, so it must get
 * a request whose body nobody has read or parsed. Answered 2xx only after `accept` has stored what is to be deployed.
 */
export function createWebhook<Ctx extends Received>({
  pipeline,
  accept,
  skipped,
  maxBody = 25 * 1024 * 1024,
  log = silent,
  newId = () => crypto.randomUUID(),
}: WebhookOptions<Ctx>): Webhook {
  return async (request) => {
    try {
      const delivery = await readDelivery(request, { maxBody, newId })
      if (delivery instanceof Response) return delivery
      log.info('Webhook request received.')
      const outcome = await pipeline.run({ delivery }, { log })
      return answerReceipt(await settle(outcome, delivery))
    } catch (error) {
      if (isDeployError(error, 'payload_invalid')) {
        log.error(`Error parsing webhook payload or processing request: ${error.message}`)
      }
      return answerError(error, log)
    }
  }

  async function settle(outcome: Outcome<Ctx>, delivery: Delivery): Promise<Receipt> {
    const { id } = delivery
    if (outcome.status === 'success') {
      const { event } = outcome.ctx
      return { id, event, ...(await stored(async () => accept(outcome.ctx))) }
    }
    if (outcome.status === 'skipped') {
      const { reason } = outcome
      const event = outcome.ctx.event ?? 'unknown'
      await stored(async () => skipped?.({ delivery, event, reason }))
      return { id, event, deployments: [], duplicate: false, skipped: reason }
    }
    throw outcome.error
  }
}

/** What was to be stored could not be; the sender should try again. */
export class NotStored extends Error {
  override readonly name = 'NotStored'
}

async function stored<T>(store: () => Promise<T>): Promise<T> {
  try {
    return await store()
  } catch (cause) {
    throw new NotStored('The delivery could not be stored', { cause })
  }
}

const ignore = (): void => {}
const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
