export { pushPayload, signedDelivery } from './testing/signed-delivery.ts'
export type { PushPayload, PushPayloadOptions, SignedDeliveryOptions } from './testing/signed-delivery.ts'
