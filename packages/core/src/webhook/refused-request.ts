/** A request that is answered before anybody looks at what was delivered. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest'
  readonly status: 400 | 405 | 413 | 415 | 503

  constructor(status: RefusedRequest['status'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.status = status
  }
}
