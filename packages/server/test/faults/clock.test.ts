import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { reach } from './kill/phase.ts'
import { readJournal, until } from './support/quiet.ts'
import { makeWorld } from './support/world.ts'

const clockBack = fileURLToPath(new URL('fixtures/clock-back.ts', import.meta.url))

test('F29: a clock that goes back by an hour during a deploy changes no duration, deadline or order', async () => {
  const world = await makeWorld()
  onTestFinished(() => world.close())
  const server = world.start({ nodeOptions: ['--import', clockBack] })
  const lines = (): string => server.lines.join('\n')
  await world.push(await world.origin.tip())
  await until(() => world.isServed(), { within: 60_000, describe: lines })

  await world.push(await world.change({ api: '1' }, { 'api/wait': `3 ${Date.now()}\n` }))
  expect(await reach(server, 'build')).toBe(true)
  server.signal('SIGUSR2')
  await until(() => world.isServed(), { within: 60_000, describe: lines })
  const last = await world.push(await world.change({ api: '2' }))
  await until(() => world.isServed(), { within: 60_000, describe: lines })
  const ended = await until(
    async () => {
      const { deployments } = await readJournal(world.dataDir)
      return deployments.every(({ endedAt }) => endedAt !== null) && deployments
    },
    { within: 30_000, describe: lines },
  )
  expect(ended.map(({ status }) => status)).toEqual(['success', 'success', 'success'])
  expect(ended[0]?.id).toBe(last.deployments[0])
  const [newest, during] = ended
  expect(Date.parse(newest?.createdAt ?? '')).toBeLessThan(Date.parse(during?.createdAt ?? ''))
  for (const { durationMs } of ended.flatMap(({ steps }) => steps)) {
    expect(durationMs).toBeGreaterThanOrEqual(0)
    expect(durationMs).toBeLessThan(60_000)
  }
  const build = during?.steps.find(({ name }) => name === 'buildImages')
  expect(build?.durationMs).toBeGreaterThan(2_500)
}, 180_000)
