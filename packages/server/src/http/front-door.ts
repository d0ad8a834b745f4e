import type { Logger } from '@fairway/core'
import type { Answer, WebhookRequest } from '@fairway/core/webhook'
import type { Receiver } from '../receive.ts'
import { clientAddress, type Sender } from './client-address.ts'
import { failureLimit, type FailureLimit } from './failure-limit.ts'
import { limitFailures } from './limit-failures.ts'

export interface FrontDoorOptions {
  readonly receive: Receiver
  /** Addresses and networks whose X-Forwarded-For counts; asked each time, as the configuration may change while the server runs. */
  readonly trustedProxies: () => readonly string[]
  readonly failures?: FailureLimit
  readonly log: Logger
}

/** Answers a delivery, however it came in; never rejects. Who sent it is asked where the signature is wrong. */
export type FrontDoor = (request: WebhookRequest, sender: () => Sender) => Promise<Answer>

/** Takes deliveries, and lets nobody try signatures without end. */
export function frontDoor({
  receive,
  trustedProxies,
  failures = failureLimit(),
  log,
}: FrontDoorOptions): FrontDoor {
  const addressOf = addressBehind(trustedProxies)
  const limit = limitFailures({ failures, log })
  return async (request, sender) => {
    const address = (): string => addressOf(sender())
    const answer = await receive(request, { quiet: () => failures.limited(address()) })
    return limit(answer, address)
  }
}

/** The list of trusted proxies is made into what can be searched once for each configuration, not once for each request. */
function addressBehind(trustedProxies: () => readonly string[]): (sender: Sender) => string {
  let known: readonly string[] | undefined
  let addressOf = clientAddress([])
  return (sender) => {
    const trusted = trustedProxies()
    if (trusted !== known) addressOf = clientAddress((known = trusted))
    return addressOf(sender)
  }
}
