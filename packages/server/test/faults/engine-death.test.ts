import { expect, onTestFinished, test } from 'vitest'
import { ownEngine } from './support/own-engine.ts'
import { judgeHistory } from './support/history.ts'
import { promises, readJournal, until } from './support/quiet.ts'
import { app } from './support/world.ts'

test(
  'F25: an engine that is killed in the middle of a recreate and comes back: what was pushed is served without another push',
  { timeout: 240_000 },
  async () => {
    const machine = await ownEngine()
    onTestFinished(() => machine.close())
    const { world, engine } = machine
    machine.start()
    const lines = (): string => world.server.lines.join('\n')
    const first = await world.push(await world.origin.tip())
    await machine.serves('0')

    const second = await world.push(await world.change({ web: '1' }))
    await until(
      async () => (await engine.docker('ps', '--all', '--format', '{{.Names}}')).split('\n').length === 2,
      { within: 60_000, every: 50, describe: lines },
    )
    await engine.signal('SIGKILL')
    await until(() => lines().includes('trying again'), { within: 30_000, describe: lines })
    const third = await world.push(await world.change({ web: '2' }))
    expect(third.status).toBe(202)
    await engine.start()
    await machine.serves('2')
    const journaled = await until(
      async () => {
        const found = await readJournal(world.dataDir)
        return found.deployments.every(({ endedAt }) => endedAt !== null) && found
      },
      { within: 60_000, describe: lines },
    )
    const commits = new Map([[app, await world.origin.history()]])
    const promised = promises([first, second, third], journaled)
    expect(judgeHistory({ ...journaled, commits, promised })).toEqual([])
    expect(await engine.docker('ps', '--all', '--format', '{{.Names}}')).toBe(`${world.project}-web-1`)
  },
)
