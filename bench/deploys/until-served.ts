import { get } from 'node:http'
import type { Served } from './project.ts'

/** Milliseconds between two questions. */
const pause = 20

/** Milliseconds after which nobody waits for an answer any more. */
const patience = 1_000

/** Resolves when the first service gives this text. */
export async function untilServed({ path, text }: Served, port: number, signal: AbortSignal): Promise<void> {
  // Not one after another: a question that comes between the port and the network behind it is never answered, and would be waited for.
  const answers = new Set<string>()
  while (!answers.has(text)) {
    signal.throwIfAborted()
    void ask(port, path).then((answer) => answers.add(answer))
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** What is answered; nothing while nobody listens, or where a container that is being replaced cuts the answer off. */
async function ask(port: number, path: string): Promise<string> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: patience }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.once('close', () => resolve(response.complete ? text : ''))
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(''))
  })
}
