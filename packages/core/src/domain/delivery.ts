/** One HTTP call from a git host, untrusted until verified. */
export interface Delivery {
  readonly id: string
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The body's bytes as received: signatures are over these, not over a decoded text. */
  readonly body: Uint8Array
}

/** A webhook secret with the place it is configured at, which logs and `signedBy` show instead of it. */
export interface Secret {
  /** Such as `webhook.secrets[0]` or `apps.shop.webhookSecrets[1]`. */
  readonly id: string
  readonly value: string
}
