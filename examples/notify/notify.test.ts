import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { DeployError, pipeline, skip } from '@fairway/core'
import { fakeClock } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { notifier, postTo } from './notify.ts'

test('says how long each step took', async () => {
  const sent: string[] = []
  const clock = fakeClock()
  const { observe, done } = notifier('shop', async (message) => void sent.push(message))
  const deploy = pipeline<{ ref: string }>()
    .use('pull', () => clock.advance(1_500))
    .use('up', () => clock.advance(200))
  await done(await deploy.run({ ref: 'main' }, { clock, observe }))
  expect(sent).toEqual(['✅ shop deployed: pull 1.5 s, up 0.2 s'])
})

test('says where and why it failed, with the last line of output', async () => {
  const sent: string[] = []
  const { observe, done } = notifier('shop', async (message) => void sent.push(message))
  const deploy = pipeline<{ ref: string }>().use('build', (_ctx, { output }) => {
    output('npm ERR! missing script: build')
    throw new DeployError('compose_failed', 'Cannot build web')
  })
  await done(await deploy.run({ ref: 'main' }, { observe }))
  expect(sent).toEqual(['❌ shop failure at build: Cannot build web\nnpm ERR! missing script: build'])
})

test('a skip is no news', async () => {
  const sent: string[] = []
  const { observe, done } = notifier('shop', async (message) => void sent.push(message))
  await done(
    await pipeline<object>()
      .use('follow', () => skip('other branch'))
      .run({}, { observe }),
  )
  expect(sent).toEqual([])
})

test('posts JSON, and a refusal is an error', async () => {
  const bodies: string[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void text(request).then((body) => response.writeHead(bodies.push(body) === 1 ? 200 : 410).end())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const send = postTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`)
  await send('hello')
  await expect(send('again')).rejects.toThrow('The notification was refused with 410')
  expect(bodies).toEqual(['{"text":"hello"}', '{"text":"again"}'])
  server.close()
})
