import { once } from 'node:events'
import { expect, test } from 'vitest'
import { listening, untilClosed } from './socket-support.ts'

test('S33: 2,000 slow senders are cut off, and a signed delivery is answered meanwhile', async () => {
  const { open, send } = await listening()
  const head = 'POST /webhook HTTP/1.1\r\nHost: x\r\n'
  const slow = Array.from({ length: 1_900 }, () => ({ socket: open(), sent: head }))
  const body = `${head}Content-Length: 1000\r\nContent-Type: application/json\r\n\r\n{`
  const slower = Array.from({ length: 100 }, () => ({ socket: open(), sent: body }))
  await Promise.all([...slow, ...slower].map(({ socket }) => once(socket, 'connect')))
  for (const { socket, sent } of [...slow, ...slower]) socket.write(sent)
  const dribble = setInterval(() => {
    for (const { socket } of slower) if (socket.writable) socket.write(' ')
  }, 500)
  const closed = (all: typeof slow) => Promise.all(all.map(({ socket }) => untilClosed(socket)))
  const ends = Promise.all([closed(slow), closed(slower)])

  const took: number[] = []
  for (let i = 0; i < 5; i++) {
    const began = performance.now()
    expect(await send()).toBe(202)
    took.push(performance.now() - began)
  }
  expect(Math.min(...took)).toBeLessThan(1_000)
  const [headers, bodies] = await ends
  clearInterval(dribble)
  for (const { answer } of [...headers, ...bodies]) {
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('{"detail":"Request Timeout","code":"request_timeout"}')
  }
  // 5 and 10 s, seen within a second; the rest is for a busy machine.
  expect(Math.max(...headers.map(({ after }) => after))).toBeLessThan(12_000)
  expect(Math.max(...bodies.map(({ after }) => after))).toBeLessThan(20_000)
  expect(await send()).toBe(202)
})
