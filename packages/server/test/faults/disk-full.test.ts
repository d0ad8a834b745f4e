import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { judgeHistory } from './support/history.ts'
import { isAccepted, promises, readJournal, until } from './support/quiet.ts'
import { smallDisk } from './support/small-disk.ts'
import { type Answer, app, makeWorld } from './support/world.ts'

test('F7: with the disk of the data directory full a delivery is answered 503 and leaves no trace; with room again it goes on', async () => {
  const disk = smallDisk('4m')
  onTestFinished(() => disk.remove())
  const world = await makeWorld({ dataDir: join(disk.path, 'data') })
  onTestFinished(() => world.close())
  const { lines } = world.start()
  const answers: Answer[] = []
  const send = async (): Promise<Answer> => {
    const answer = await world.push(await world.origin.tip())
    answers.push(answer)
    return answer
  }
  await send()
  await until(() => world.isServed(), { within: 60_000, describe: () => lines.join('\n') })

  const filler = join(disk.path, 'filler')
  fill(filler)
  await world.change({ api: '1' })
  // What is free inside the journal's own files may still take some.
  for (let i = 0; i < 200 && answers.every(isAccepted); i++) await send()
  const refused = answers.filter((answer) => !isAccepted(answer))
  expect(refused.map(({ status }) => status)).toEqual([503])
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  const said = /ERROR - The delivery could not be stored: .*the disk is full/
  // Lines come a moment after the answer.
  await until(() => said.test(lines.join('\n')), { within: 10_000, describe: () => lines.join('\n') })

  rmSync(filler)
  expect(await send()).toMatchObject({ status: 202 })
  await until(() => world.isServed(), { within: 60_000, describe: () => lines.join('\n') })
  await until(
    async () => (await readJournal(world.dataDir)).deployments.every(({ endedAt }) => endedAt !== null),
    { within: 30_000, describe: () => lines.join('\n') },
  )
  const journaled = await readJournal(world.dataDir)
  const commits = new Map([[app, await world.origin.history()]])
  expect(judgeHistory({ ...journaled, commits, promised: promises(answers, journaled) })).toEqual([])
  expect(journaled.deliveries.map(({ id }) => id)).not.toContain(refused[0]?.id)
}, 180_000)

/** Takes all the room that there is. */
function fill(file: string): void {
  const opened = openSync(file, 'w')
  try {
    for (const size of [65_536, 4_096, 1]) write(opened, Buffer.alloc(size))
  } finally {
    closeSync(opened)
  }
}

function write(opened: number, block: Buffer): void {
  try {
    while (writeSync(opened, block) === block.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}
