import { closeSync, openSync, readdirSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readJournal, until } from './support/quiet.ts'
import { makeWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
  world.start()
  await world.push(await world.origin.tip())
  await deployed()
}, 120_000)
afterAll(() => world.close())

let serial = 0

test.for<[how: string, damage: (file: string) => void]>([
  ['whose header is overwritten', (file) => overwrite(file, 0, 100)],
  ['whose pages are overwritten', (file) => overwrite(file, 16_384, 65_536)],
  ['that was emptied', (file) => truncateSync(file)],
])(
  'F30: a journal %s is moved aside and said, and what was pushed meanwhile is deployed from the remote',
  { timeout: 120_000 },
  async ([, damage]) => {
    await world.server.end('server')
    const before = readdirSync(world.dataDir)
    damage(join(world.dataDir, 'journal.db'))
    serial += 1
    const tip = await world.change({ api: String(serial) })

    const { url, lines } = world.start()
    await url
    expect(lines.join('\n')).toMatch(
      /ERROR - The journal .*journal\.db is (damaged|empty).*: a new one was begun; what is left of the old one lies at/,
    )
    const added = readdirSync(world.dataDir).filter((name) => !before.includes(name))
    expect(added).toContainEqual(expect.stringContaining('journal.db.'))
    await deployed()
    // The new one knows of nothing but what was caught up with.
    expect((await readJournal(world.dataDir)).deployments).toMatchObject([
      { status: 'success', commit: tip, delivery: null },
    ])
  },
)

/** Waits until the tip is served and nothing is left to do. */
async function deployed(): Promise<void> {
  const describe = (): string => world.server.lines.join('\n')
  await until(() => world.isServed(), { within: 60_000, describe })
  const isQuiet = async (): Promise<boolean> =>
    (await readJournal(world.dataDir)).deployments.every(({ endedAt }) => endedAt !== null)
  await until(isQuiet, { within: 30_000, describe })
}

function overwrite(file: string, at: number, length: number): void {
  const opened = openSync(file, 'r+')
  try {
    writeSync(opened, Buffer.alloc(length, 0xa5), 0, length, at)
  } finally {
    closeSync(opened)
  }
}
