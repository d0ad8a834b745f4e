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
import {
  type Answer,
  answerError,
  answerReceipt,
  NotStored,
  type Receipt,
  toResponse,
} from './webhook/answer.ts'
import { bodyDefaults, bodyReader } from './webhook/read-body.ts'
import { RefusedRequest } from './webhook/refused-request.ts'
import type { WebhookRequest } from './webhook/webhook-request.ts'

export type { AcceptedDeployment, Answer, Receipt } from './webhook/answer.ts'
export { toResponse } from './webhook/answer.ts'
export { RefusedRequest } from './webhook/refused-request.ts'
export type { WebhookHeaders, WebhookRequest } from './webhook/webhook-request.ts'

/** What a receive pipeline must have found out: `pipeline().use(verifySignature(...)).use(resolveRepo(...))` does. */
export interface Received {
  readonly delivery: Delivery
  /** The kind of event: `push`, `ping`, ... */
  readonly event: string
  readonly push: Push
  readonly apps: readonly App[]
}

/** A verified delivery that deploys nothing. */
export interface Skipped<Ctx extends Received> {
  readonly delivery: Delivery
  readonly event: string
  readonly reason: string
  /** What the pipeline had found out by then. */
  readonly ctx: Partial<Ctx>
}

export interface WebhookOptions<Ctx extends Received, Asked extends WebhookRequest = Request> {
  /** Verifies a delivery and finds the apps that it concerns; skips with a reason where there is nothing to deploy. A function gives the one to use now, or throws `RefusedRequest`. */
  readonly pipeline: ReceivePipeline<Ctx> | (() => ReceivePipeline<Ctx>)
  /** Stores what is to be deployed, and gives what the answer says. What it rejects with is answered 503: the sender may try again. */
  readonly accept: (received: Ctx, request: Asked) => MaybePromise<Pick<Receipt, 'deployments' | 'duplicate'>>
  /** Told of a verified delivery that deploys nothing; default: nobody. What it rejects with is answered 503. */
  readonly skipped?: (skipped: Skipped<Ctx>, request: Asked) => MaybePromise<void>
  /** Told of a delivery that is refused, before it is answered; default: nobody. */
  readonly refused?: (error: unknown, request: Asked) => void
  /** The headers that the pipeline sees; default: all. */
  readonly headers?: (headers: Asked['headers']) => Delivery['headers']
  /** Masks what a reason repeats of the push, before it goes into the answer; default: nothing. */
  readonly redact?: (text: string) => string
  /** Largest body in bytes; default: 25 MiB, which is GitHub's own limit. */
  readonly maxBody?: number
  /** Bytes of all bodies together that are read at once; default: 256 MiB. The largest is given up first, with 503. */
  readonly maxBodies?: number
  /** Default: silent. A function gives the one for this request. */
  readonly log?: Logger | ((request: Asked) => Logger)
  /** Makes an id for a delivery that brings none. */
  readonly newId?: () => string
}

/** A pipeline that receives deliveries. */
export type ReceivePipeline<Ctx extends Received> = Pipeline<{ delivery: Delivery }, Ctx>

/** Answers one delivery: Request in, Response out. It never rejects. */
export type Webhook = (request: Request) => Promise<Response>

/** The same for a request of another kind: what it is answered is for the caller to send. It never rejects. */
export type Door<Asked extends WebhookRequest> = (request: Asked) => Promise<Answer>

/**
 * A webhook for any runtime that knows fetch's Request and Response. It verifies the body's bytes as received, so it must get
 * a request whose body nobody has read or parsed. Answered 2xx only after `accept` has stored what is to be deployed.
 */
export function createWebhook<Ctx extends Received>(options: WebhookOptions<Ctx>): Webhook {
  const answer = createDoor<Ctx, Request>(options)
  return async (request) => toResponse(await answer(request))
}

/** What `createWebhook` does, for a server with requests and answers of its own. */
export function createDoor<Ctx extends Received, Asked extends WebhookRequest>({
  pipeline,
  accept,
  skipped,
  refused,
  headers: pick = (headers) => Object.fromEntries(headers),
  redact = (text) => text,
  maxBody = bodyDefaults.most,
  maxBodies = bodyDefaults.budget,
  log: logger = silent,
  newId = () => crypto.randomUUID(),
}: WebhookOptions<Ctx, Asked>): Door<Asked> {
  const read = bodyReader({ most: maxBody, budget: maxBodies })
  return async (request) => {
    const log = typeof logger === 'function' ? logger(request) : logger
    try {
      assertReadable(request)
      const headers = pick(request.headers)
      const receipt = await read(request, async (body) => {
        const delivery = { id: deliveryId(headers) ?? newId(), headers, body }
        const current = typeof pipeline === 'function' ? pipeline() : pipeline
        log.info('Webhook request received.')
        return settle(await current.run({ delivery }, { log }), delivery, request)
      })
      return answerReceipt(receipt)
    } catch (error) {
      if (isDeployError(error, 'payload_invalid')) {
        log.error(`Error parsing webhook payload or processing request: ${error.message}`)
      }
      refused?.(error, request)
      return answerError(error, log)
    }
  }

  async function settle(outcome: Outcome<Ctx>, delivery: Delivery, request: Asked): Promise<Receipt> {
    const { id } = delivery
    if (outcome.status === 'success') {
      const { ctx } = outcome
      return { id, event: ctx.event, ...(await stored(async () => accept(ctx, request))) }
    }
    if (outcome.status === 'skipped') {
      const { reason, ctx } = outcome
      const event = ctx.event ?? 'unknown'
      await stored(async () => skipped?.({ delivery, event, reason, ctx }, request))
      return { id, event, deployments: [], duplicate: false, skipped: redact(reason) }
    }
    throw outcome.error
  }
}

function assertReadable(request: WebhookRequest): void {
  if (request.method !== 'POST') throw new RefusedRequest(405, 'Only POST is allowed here')
  // What is signed are the bytes as sent; unpacking them first would let a few of them fill the memory.
  if ((request.headers.get('content-encoding') ?? 'identity').toLowerCase() !== 'identity') {
    throw new RefusedRequest(415, 'Content-Encoding is not supported')
  }
  if (request.bodyUsed) {
    throw new TypeError(
      'The body of this request was read already: mount the webhook before whatever parses bodies',
    )
  }
}

/** The host's own id, by which it is known again; one of another shape is no id. */
function deliveryId(headers: Delivery['headers']): string | undefined {
  const id = headers['x-github-delivery'] ?? ''
  return /^[A-Za-z0-9-]{1,64}$/.test(id) ? id : undefined
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
