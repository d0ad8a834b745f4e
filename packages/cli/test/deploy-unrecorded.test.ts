import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fairway } from './support.ts'
import { environment, pushSlowBuild, setting } from './support/setting.ts'

test('deploy whose data directory is deleted meanwhile says so, obeys SIGTERM, and has deployed', async () => {
  const { directory, origin, page } = await setting()
  const data = join(directory, 'data')
  await pushSlowBuild(origin, 'v2', 3)
  const pid = Promise.withResolvers<number>()
  const building = Promise.withResolvers<void>()
  const lost = Promise.withResolvers<void>()
  const ended = fairway(['deploy', 'shop'], {
    directory,
    environment: { ...environment, FAIRWAY_DATA: data },
    started: pid.resolve,
    output(line) {
      if (line.includes('RUN sleep')) building.resolve()
      if (line.includes('Cannot record how deployment')) lost.resolve()
    },
  })
  await building.promise
  await rm(data, { recursive: true })
  await lost.promise
  expect(await page()).toBe('v2\n')
  const since = performance.now()
  process.kill(await pid.promise, 'SIGTERM')
  const { exitCode, stderr } = await ended
  // By itself it would have gone on for 30 s.
  expect(performance.now() - since).toBeLessThan(15_000)
  expect(exitCode).toBe(130)
  expect(stderr).toMatch(
    /Cannot record how deployment \S+ of shop ended, and try again for 30 s: .*was removed/,
  )
  expect(stderr).toMatch(
    /Deployment \S+ of shop ended as success, but that could not be recorded: .*was removed/,
  )
})
