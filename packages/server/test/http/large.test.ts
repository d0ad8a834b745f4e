import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { listening } from './socket-support.ts'

const mebibyte = 1024 * 1024
const head = 'POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'

/** Sends as much as the server takes, and tells what it answered and how many MiB were sent by then. */
async function pour(socket: Socket, start: string, part: string, most: number) {
  let answer = ''
  socket.on('data', (data: Uint8Array) => (answer += new TextDecoder().decode(data)))
  socket.write(start)
  let sent = 0
  while (answer === '' && sent < most && !socket.destroyed) {
    sent += 1
    if (!socket.write(part)) await moved(socket)
  }
  await expect.poll(() => answer !== '' || socket.destroyed).toBe(true)
  socket.destroy()
  return { answer, sent }
}

async function moved(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const events = ['drain', 'data', 'close']
  for (const event of events) socket.once(event, resolve)
  await promise
  for (const event of events) socket.off(event, resolve)
}

test('V19: a length of more than 25 MiB is refused before anything of the body is sent', async () => {
  const { raw, send } = await listening()
  const answer = await raw(`${head}Connection: close\r\nContent-Length: ${25 * mebibyte + 1}\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  expect(answer).toContain('{"detail":"The body is larger than 25 MiB"}')
  expect(await send()).toBe(202)
})

test('V19: a chunked body is refused as soon as it is too large, before it is whole', async () => {
  const { open, send } = await listening()
  const chunk = `100000\r\n${'x'.repeat(mebibyte)}\r\n`
  const { answer, sent } = await pour(open(), `${head}Transfer-Encoding: chunked\r\n\r\n`, chunk, 150)
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  // What was on its way when it answered counts here too.
  expect(sent).toBeLessThan(40)
  expect(await send()).toBe(202)
})

test('V19: twenty bodies of 150 MB at once, which nobody signed, stay within bounds', async () => {
  const { open, send } = await listening()
  const chunk = `100000\r\n${'x'.repeat(mebibyte)}\r\n`
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5)
  const chunked = Array.from({ length: 20 }, () =>
    pour(open(), `${head}Transfer-Encoding: chunked\r\n\r\n`, chunk, 150),
  )
  const answers = await Promise.all(chunked)
  clearInterval(watch)
  for (const { answer } of answers) expect(answer).toMatch(/^HTTP\/1\.1 (413|503|408) /)
  // Sender and server are one process here. Read whole, they would be 3,000 MB.
  expect((most - before) / mebibyte).toBeLessThan(700)
  expect(await send()).toBe(202)
})
