import { expect, onTestFinished, test } from 'vitest'
import { readJournal, until } from './support/quiet.ts'
import { served } from './support/app.ts'
import { makeWorld } from './support/world.ts'

test('F26: a build that hangs is ended with all its processes when its time is up; the old version serves, and the next push is deployed', async () => {
  const world = await makeWorld({ app: '    timeouts: { build: 10s }' })
  onTestFinished(() => world.close())
  const server = world.start()
  const lines = (): string => server.lines.join('\n')
  await world.push(await world.origin.tip())
  await until(() => world.isServed(), { within: 60_000, describe: lines })

  const hanging = await world.push(await world.change({ api: '1' }, { 'api/wait': '611 1\n' }))
  const [id = ''] = hanging.deployments
  const ended = await until(
    async () =>
      (await readJournal(world.dataDir)).deployments.find((one) => one.id === id && one.endedAt !== null),
    { within: 60_000, describe: lines },
  )
  expect(ended).toMatchObject({
    status: 'failure',
    reason: expect.stringMatching(/did not end within 10 s/) as string,
  })
  expect(server.commands()).toEqual([])
  expect([await served(world.ports.web), await served(world.ports.api)]).toEqual(['0', '0'])

  await world.push(await world.change({ api: '2' }, { 'api/wait': '0 2\n' }))
  await until(() => world.isServed(), { within: 60_000, describe: lines })
}, 180_000)
