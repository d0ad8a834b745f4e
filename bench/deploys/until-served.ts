import { get } from 'node:http'
import type { Served } from './project.ts'

/** Milliseconds between two questions. */
const pause = 10

/** Resolves when the first service gives this text. */
export async function untilServed({ path, text }: Served, port: number, signal: AbortSignal): Promise<void> {
  while ((await ask(port, path)) !== text) {
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** What is answered; nothing while nobody listens. */
function ask(port: number, path: string): Promise<string> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: 1_000 }, async (response) => {
      const parts: Buffer[] = []
      try {
        for await (const part of response) parts.push(part as Buffer)
      } catch {
        // Cut off by the container that is being replaced: asked again.
      }
      resolve(Buffer.concat(parts).toString())
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(''))
  })
}
