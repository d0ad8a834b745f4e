import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fairway, folder, inProcess, secret } from './support.ts'
import { journalFolder, twoApps } from './support/journal.ts'

const environment = { GITHUB_WEBHOOK_SECRET: secret }

test('backup copies the journal while it is in use, and copied back it is the journal of that moment', async () => {
  const { directory, run, journal } = await journalFolder()
  const { id } = await run('delivery-0001', {})
  const { exitCode, stdout, stderr } = await fairway(['backup', 'copy.db'], { directory, environment })
  expect([exitCode, stdout]).toEqual([0, ''])
  const copy = join(directory, 'copy.db')
  const place = join(directory, '.fairway', 'journal.db')
  expect(stderr).toBe(
    `Copied the journal to ${copy}\nTo restore it: stop the server, cp ${copy} ${place}, start the server.\n`,
  )
  await run('delivery-0002', {})
  await journal.close()
  await copyFile(copy, place)
  const list = await inProcess(['deployments', '--json'], { directory, environment })
  expect((JSON.parse(list.stdout) as { id: string }[]).map((one) => one.id)).toEqual([id])
})

test('a file that is there is left as it is', async () => {
  const { directory, run } = await journalFolder()
  await run('delivery-0001', {})
  const file = join(directory, 'fairway.yaml')
  const { exitCode, stderr } = await inProcess(['backup', file], { directory, environment })
  expect(exitCode).toBe(2)
  expect(stderr).toContain(`${file} is there already`)
  expect(await readFile(file, 'utf8')).toBe(twoApps)
})

test('where nothing was deployed there is nothing to copy', async () => {
  const directory = await folder({ 'fairway.yaml': twoApps })
  const { exitCode, stderr } = await inProcess(['backup', 'copy.db'], { directory, environment })
  expect(exitCode).toBe(3)
  expect(stderr).toContain('Nothing was deployed here yet.')
})
