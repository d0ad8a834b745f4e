import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isAlive } from '@fairway/core'
import { afterEach, expect, test } from 'vitest'
import { sqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { delivery } from './contract/support.ts'
import { temporaryFolders } from './temporary-folders.ts'

const folders = temporaryFolders()
const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await folders.remove()
})

const fixtures = {
  hammer: fileURLToPath(new URL('./fixtures/hammer.ts', import.meta.url)),
  block: fileURLToPath(new URL('./fixtures/block.ts', import.meta.url)),
}

function start(fixture: keyof typeof fixtures, ...args: readonly string[]): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--conditions=@fairway/source', fixtures[fixture], ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  children.push(child)
  return child
}

test('four processes at once, some killed: nothing promised is lost, nothing is handed out twice', async () => {
  const directory = folders.make()
  const log = join(directory, 'log')
  const exits = await Promise.all(
    [false, false, true, true].map(async (doomed) => {
      const child = start('hammer', directory, log, '3000')
      if (doomed) setTimeout(() => child.kill('SIGKILL'), 1_500 + Math.random() * 1_000)
      const [code] = (await once(child, 'exit')) as [number | null]
      return doomed ? null : code
    }),
  )
  expect(exits).toEqual([0, 0, null, null])

  const journal = folders.close(sqliteJournal({ directory }))
  expect(journal.damage).toBeUndefined()
  await journal.recover(isAlive, 10)
  for (let claim = await journal.next(new Set()); claim; claim = await journal.next(new Set())) {
    await journal.ended(claim.deployment.id, { status: 'success', reason: null, commit: null })
  }
  const told = readFileSync(log, 'utf8').split('\n')
  const accepted = told.filter((line) => line.startsWith('accepted'))
  const claims = told.filter((line) => line.startsWith('claimed'))
  const rows = new Map((await journal.deployments({ limit: 1e6 })).map((row) => [row.id, row]))
  const lost = accepted.filter((line) => !rows.has(line.split(' ')[1] ?? ''))
  const open = [...rows.values()].filter(({ endedAt }) => endedAt === null)
  expect({ lost, open }).toEqual({ lost: [], open: [] })
  expect(claims.toSorted().filter((line, index, all) => line === all[index - 1])).toEqual([])
  const ended = told.filter((line) => line.startsWith('ended')).map((line) => line.split(' ')[1] ?? '')
  expect(ended.filter((id) => rows.get(id)?.status !== 'success')).toEqual([])
  expect(accepted.length).toBeGreaterThan(100)
  expect(ended.length).toBeGreaterThan(10)
})

test('another process that writes is waited for, while everything else goes on', async () => {
  const directory = folders.make()
  const journal = folders.close(sqliteJournal({ directory }))
  const blocker = start('block', join(directory, 'journal.db'), '1500')
  await once(blocker.stdout ?? blocker, 'data')
  let turns = 0
  const timer = setInterval(() => turns++, 10)
  expect(await journal.accept(delivery('d1', 'shop'))).toMatchObject({ duplicate: false })
  clearInterval(timer)
  expect(turns).toBeGreaterThan(5)
})

test('one that never ends is said, and nothing is half stored', async () => {
  const directory = folders.make()
  const journal = folders.close(sqliteJournal({ directory, patience: 300 }))
  const blocker = start('block', join(directory, 'journal.db'), '60000')
  await once(blocker.stdout ?? blocker, 'data')
  await expect(journal.accept(delivery('d1', 'shop'))).rejects.toMatchObject({
    code: 'journal_unavailable',
    message: `Cannot use the journal ${join(directory, 'journal.db')}: another process has been writing to it for too long`,
  })
  expect(await journal.deployments()).toEqual([])
  blocker.kill('SIGKILL')
  await once(blocker, 'exit')
  await journal.accept(delivery('d1', 'shop'))
  expect(await journal.deployments()).toHaveLength(1)
})

test('sees that another one has written, and not its own writing', async () => {
  const directory = folders.make()
  const [server, command] = [1, 2].map(() => folders.close(sqliteJournal({ directory })))
  await server?.accept(delivery('d1', 'shop'))
  expect([server?.changedByOthers(), command?.changedByOthers()]).toEqual([false, true])
  expect([server?.changedByOthers(), command?.changedByOthers()]).toEqual([false, false])
  const [deployment] = (await command?.deployments()) ?? []
  await command?.cancel(deployment?.id ?? '', 'cancelled by ada')
  expect([server?.changedByOthers(), server?.changedByOthers()]).toEqual([true, false])
})

test('what one process claimed, another neither starts nor is handed', async () => {
  const directory = folders.make()
  const dead = { pid: 2 ** 22 + 1 }
  const command = folders.close(sqliteJournal({ directory, owner: dead }))
  const server = folders.close(sqliteJournal({ directory }))
  const { id } = await command.request({
    app: 'shop',
    push: { repository: 'acme/shop', ref: 'HEAD', pusher: 'ada', manual: {} },
    claim: true,
  })
  expect([await server.next(new Set()), await server.started(id)]).toEqual([undefined, false])
  expect(await command.started(id)).toBe(true)
  expect(await server.started(id)).toBe(false)
  expect(await server.recover(isAlive, 10)).toMatchObject([{ id, status: 'interrupted' }])
})
