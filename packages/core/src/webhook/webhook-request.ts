/** What is read of a request. Fetch's Request is one; names of headers are asked for in lower case. */
export interface WebhookRequest {
  readonly method: string
  readonly headers: WebhookHeaders
  readonly bodyUsed: boolean
  /** As it comes in; for bodies that are large, or of an unknown length. */
  readonly body: ReadableStream<Uint8Array> | null
  /** All of it; as bytes where the caller has it so, which spares a copy. */
  arrayBuffer(): Promise<ArrayBuffer | Uint8Array>
}

/** Fetch's Headers are some, and so is a Map with names in lower case. */
export interface WebhookHeaders extends Iterable<[string, string]> {
  get(name: string): string | null | undefined
}
