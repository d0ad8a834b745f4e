import { connect } from 'node:net'
import type { FairwayServer } from '../../packages/server/src/index.ts'
import type { Answer } from './check.ts'
import { type Input, toBytes } from './input.ts'
import type { Random } from './random.ts'

/** Hands an input to the app itself, as from some address. */
export async function throwAtApp({ app }: FairwayServer, input: Input, random: Random): Promise<Answer> {
  const { method, path, headers, body } = input
  const hasBody = !['GET', 'HEAD'].includes(method)
  const request = new Request(`http://localhost${path}`, {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    ...(hasBody ? { body: new Uint8Array(body) } : {}),
  })
  const socket = { remoteAddress: anyAddress(random), remotePort: 1, remoteFamily: 'IPv4' }
  const answer = await app.fetch(request, { incoming: { socket } })
  const told = [...answer.headers].map((pair) => pair.join(': ')).join('\n')
  return { status: answer.status, headers: told, body: await answer.text() }
}

/** Writes an input to the socket, often with bytes changed that make it HTTP; undefined: closed without an answer. */
export async function throwAtSocket(url: string, input: Input, random: Random): Promise<Answer | undefined> {
  const bytes = mangle(toBytes(input), random)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const parts: Uint8Array[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  // Reset or closed early: both end it, and what matters is what was answered by then.
  socket.on('error', () => {})
  socket.on('data', (data: Uint8Array) => parts.push(data))
  socket.on('close', () => resolve())
  // Half of it may be missing: the sender ends, and the server is told so.
  socket.end(bytes)
  await promise
  return parse(Buffer.concat(parts).toString('latin1'))
}

function parse(text: string): Answer | undefined {
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]
  if (status === undefined) return undefined
  const end = text.indexOf('\r\n\r\n')
  const headers = text.slice(0, end)
  // What was mangled may have become two requests: the first answer is looked at.
  const length = Number(/^content-length: (\d+)/im.exec(headers)?.[1] ?? Infinity)
  return { status: Number(status), headers, body: text.slice(end + 4, end + 4 + length) }
}

function mangle(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.chance(0.4)) return bytes
  const mangled = Uint8Array.from(bytes)
  // Where the head is, what is changed is HTTP itself.
  const head = Math.min(mangled.length, 400)
  for (let i = random.below(6); i >= 0; i -= 1) mangled[random.below(head)] = random.below(256)
  return random.chance(0.2) ? mangled.subarray(0, random.below(mangled.length)) : mangled
}

function anyAddress(random: Random): string {
  const part = (): number => random.below(256)
  return random.chance(0.5)
    ? `${random.pick([10, 203])}.${part()}.${part()}.${part()}`
    : `2001:db8:${part().toString(16)}:${part().toString(16)}::${part().toString(16)}`
}
