/** One request that is thrown at the server. */
export interface Input {
  readonly kind: string
  readonly method: string
  /** With its query; begins with a slash. */
  readonly path: string
  /** Names may stand more than once. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Uint8Array
}

/** As bytes on a connection that ends with the answer. */
export function toBytes({ method, path, headers, body }: Input): Uint8Array {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    `Content-Length: ${body.length}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}
