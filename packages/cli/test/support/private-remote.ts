import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface Login {
  readonly user: string
  readonly password: string
}

/** Serves bare repositories of a folder over git's plain HTTP (after `git update-server-info`), to one user only; gives its address. */
export async function privateRemote(directory: string, { user, password }: Login): Promise<string> {
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const server = createServer(({ url = '/', headers }, answer) => {
    if (headers.authorization !== expected) {
      answer.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end()
      return
    }
    const { pathname } = new URL(url, 'http://localhost')
    readFile(join(directory, pathname)).then(
      // Long enough for a look at the processes that wait for it.
      (content) => setTimeout(() => answer.end(content), 40),
      () => answer.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
