import { expect, test } from 'vitest'
import { bodyReader } from '../../src/webhook/read-body.ts'

/** A request whose body comes in parts, when it is told to. */
function slowly() {
  let push: (bytes: number) => void = () => {}
  let end = (): void => {}
  let fail = (): void => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      push = (bytes) => controller.enqueue(new Uint8Array(bytes))
      end = () => controller.close()
      fail = () => controller.error(new Error('aborted'))
    },
  })
  const request = new Request('http://x', { method: 'POST', body, duplex: 'half' })
  return { request, push, end, fail }
}

const length = (body: Uint8Array): Promise<number> => Promise.resolve(body.length)
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

test('a body comes as it was sent, whatever parts it came in; no body is an empty one', async () => {
  const read = bodyReader()
  const { request, push, end } = slowly()
  for (const bytes of [3, 0, 4]) push(bytes)
  end()
  expect(await read(request, length)).toBe(7)
  expect(await read(new Request('http://x', { method: 'POST' }), length)).toBe(0)
  expect(
    await read(new Request('http://x', { method: 'POST', body: 'a\0é' }), (body) =>
      Promise.resolve([...body]),
    ),
  ).toEqual([97, 0, 0xc3, 0xa9])
})

test('V19: one that is too large is refused when that is known, and no more of it is read', async () => {
  const read = bodyReader({ most: 1024 * 1024 })
  const { request, push } = slowly()
  push(1024 * 1024)
  push(1)
  await expect(read(request, length)).rejects.toMatchObject({
    status: 413,
    message: 'The body is larger than 1 MiB',
  })
})

test('V19: of too many at once the largest is given up, and the others are read', async () => {
  const read = bodyReader({ budget: 100 })
  const [small, large, middle] = [slowly(), slowly(), slowly()]
  const results = [small, large, middle].map(({ request }) => read(request, length))
  const settled = Promise.allSettled(results)
  small.push(20)
  large.push(50)
  await turn()
  middle.push(40)
  await turn()
  for (const { end } of [small, middle]) end()
  expect(await settled).toMatchObject([
    { status: 'fulfilled', value: 20 },
    { status: 'rejected', reason: { status: 503 } },
    { status: 'fulfilled', value: 40 },
  ])
})

test('V19: what was read is given back, whether it went well or not', async () => {
  const read = bodyReader({ budget: 100 })
  const fail = (): Promise<never> => Promise.reject(new Error('no'))
  for (let i = 0; i < 10; i++) {
    const one = slowly()
    one.push(90)
    one.end()
    if (i % 2 === 0) expect(await read(one.request, length)).toBe(90)
    else await expect(read(one.request, fail)).rejects.toThrow('no')
  }
})

test('one that is broken off is the mistake of its sender', async () => {
  const { request, push, fail } = slowly()
  const reading = bodyReader()(request, length)
  push(5)
  fail()
  await expect(reading).rejects.toMatchObject({
    status: 400,
    message: 'The request ended before its body did',
  })
})
