import { expect, onTestFinished, test } from 'vitest'
import { isAlive } from '@fairway/core'
import { makeWorld } from './support/world.ts'

test('F19: a second server on one data directory ends at once and names the first, whose place is free when it is killed', async () => {
  const world = await makeWorld()
  onTestFinished(() => world.close())
  const first = world.start()
  await first.url
  const second = world.start()
  expect(await second.ended).toBe(3)
  const said = second.lines.join('\n')
  expect(said).toContain(
    `the data directory ${world.dataDir} is in use by fairway serve (pid ${first.pid}, since `,
  )
  expect(isAlive({ pid: first.pid })).toBe(true)

  await first.end('server')
  const third = world.start()
  await third.url
})
