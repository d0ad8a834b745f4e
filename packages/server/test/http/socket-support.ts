import { connect, type Socket } from 'node:net'
import { signedDelivery } from '@fairway/core/testing'
import { onTestFinished } from 'vitest'
import { listen } from '../../src/http/listen.ts'
import { front, type Front, type FrontOptions, secret } from './support.ts'

/** A front door with a real socket. */
export interface Listening extends Front {
  readonly url: string
  /** A connection to write to as one likes. */
  readonly open: () => Socket
  /** Everything that the server answers to these bytes until it ends the connection. */
  readonly raw: (...parts: readonly (string | Uint8Array)[]) => Promise<string>
  /** Sends a signed push, and tells the status. */
  readonly send: () => Promise<number>
}

export async function listening(options: FrontOptions = {}): Promise<Listening> {
  const opened = front(options)
  const server = await listen(opened.server, { host: '127.0.0.1', port: 0 })
  const { url } = server
  const sockets = new Set<Socket>()
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await server.close(0)
  })
  const open = (): Socket => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    // What matters is seen in the answer, or in that there is none.
    socket.on('error', () => {})
    sockets.add(socket)
    return socket
  }
  return {
    ...opened,
    url,
    open,
    async raw(...parts) {
      const socket = open()
      for (const part of parts) socket.write(part)
      return (await untilClosed(socket)).answer
    },
    async send() {
      const { headers, body } = signedDelivery({ secret })
      const init = { method: 'POST', headers: headers as Record<string, string>, body: new Uint8Array(body) }
      const answer = await fetch(`${url}/webhook`, init)
      await answer.text()
      return answer.status
    },
  }
}

/** Everything that a connection answers until it is closed, and how many milliseconds that took. */
export async function untilClosed(socket: Socket): Promise<{ answer: string; after: number }> {
  const began = performance.now()
  const parts: Uint8Array[] = []
  socket.on('data', (data: Uint8Array) => parts.push(data))
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  return { answer: Buffer.concat(parts).toString('latin1'), after: performance.now() - began }
}
