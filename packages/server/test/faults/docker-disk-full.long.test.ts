import { expect, onTestFinished, test, vi } from 'vitest'
import { ownEngine } from './support/own-engine.ts'
import { readJournal, until } from './support/quiet.ts'
import { smallDisk } from './support/small-disk.ts'

test(
  "F9: with Docker's disk full a build fails saying so, the old version serves, and a smaller push is deployed",
  { timeout: 240_000 },
  async () => {
    const disk = smallDisk('150m')
    onTestFinished(() => disk.remove())
    vi.stubEnv('TMPDIR', disk.path)
    // Else the deploy is refused before the disk is full.
    const machine = await ownEngine({ server: '  disk: { minFree: 0 }' })
    onTestFinished(() => machine.close())
    vi.unstubAllEnvs()
    const { world } = machine
    machine.start()
    await world.push(await world.origin.tip())
    await machine.serves('0')

    const large = await world.push(await world.change({ web: '1' }, { 'web/megabytes': '400\n' }))
    const [id = ''] = large.deployments
    const ended = await until(
      async () =>
        (await readJournal(world.dataDir)).deployments.find((one) => one.id === id && one.endedAt !== null),
      { within: 90_000, describe: () => world.server.lines.join('\n') },
    )
    expect(ended).toMatchObject({
      status: 'failure',
      reason: expect.stringMatching(/no space left on device/i) as string,
    })
    expect(await machine.served()).toBe('0')

    await world.push(await world.change({ web: '2' }, { 'web/megabytes': '2\n' }))
    await machine.serves('2')
  },
)
