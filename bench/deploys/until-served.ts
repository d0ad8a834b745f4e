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

/** What is answered; nothing while nobody listens, or where a container that is being replaced cuts the answer off. */
async function ask(port: number, path: string): Promise<string> {
  try {
    const signal = AbortSignal.timeout(1_000)
    const headers = { connection: 'close' }
    return await (await fetch(`http://127.0.0.1:${port}${path}`, { signal, headers })).text()
  } catch {
    return ''
  }
}
