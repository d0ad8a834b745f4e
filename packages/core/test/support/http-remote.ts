import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** An HTTP server on a free port of this machine. */
export interface HttpRemote {
  /** Without a slash at its end. */
  readonly url: string
  readonly port: number
  /** What was asked so far, such as `GET /x.git/info/refs?service=git-upload-pack`. */
  readonly requests: readonly string[]
  /** The `Authorization` headers that came. */
  readonly logins: readonly string[]
  close(): Promise<void>
}

/** Starts one that answers so; with a certificate over TLS. */
export async function httpRemote(
  answer: RequestListener,
  tls?: { readonly key: string; readonly cert: string },
): Promise<HttpRemote> {
  const requests: string[] = []
  const logins: string[] = []
  const listener: RequestListener = (request, response) => {
    requests.push(`${request.method} ${request.url}`)
    if (request.headers.authorization !== undefined) logins.push(request.headers.authorization)
    answer(request, response)
  }
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    logins,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Serves the bare repositories of a folder by git's own program for it. */
export function serveRepositories(root: string): RequestListener {
  return (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
    // Its input and output are binary, which `runCommand` does not carry.
    const child = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env['PATH'],
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: '*',
        PATH_INFO: decodeURIComponent(pathname),
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    request.pipe(child.stdin)
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('close', () => answerWith(response, Buffer.concat(chunks)))
  }
}

/** Lets through only who sends this login; others are asked for it. */
export function withLogin(login: string, answer: RequestListener): RequestListener {
  const expected = `Basic ${Buffer.from(login).toString('base64')}`
  return (request, response) => {
    if (request.headers.authorization === expected) answer(request, response)
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
  }
}

/** Answers by the first part of the path, which the program behind does not see. */
export function byFirstPart(
  answer: (part: string, request: IncomingMessage, response: ServerResponse) => void,
): RequestListener {
  return (request, response) => {
    const [, part = '', rest = '/'] = /^\/([^/]*)(.*)$/.exec(request.url ?? '') ?? []
    request.url = rest
    answer(part, request, response)
  }
}

function answerWith(response: ServerResponse, output: Buffer): void {
  const end = output.indexOf('\r\n\r\n')
  const headers = output.subarray(0, end).toString().split('\r\n')
  for (const header of headers) {
    const [name = '', value = ''] = header.split(/: (.*)/s)
    if (name === 'Status') response.statusCode = Number.parseInt(value, 10)
    else response.setHeader(name, value)
  }
  response.end(output.subarray(end + 4))
}
