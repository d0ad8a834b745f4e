import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeOrigin, type Origin } from '../../scripts/lib/origin.ts'
import { run } from '../../scripts/lib/run.ts'

let folder: string
let origin: Origin
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-example-'))
  origin = await makeOrigin(folder)
  await origin.commit('First', { page: 'one' })
  await origin.push()
  await run('git', ['clone', '--quiet', origin.url, join(folder, 'shop')])
})
afterEach(() => rm(folder, { recursive: true }))

const pull = (): Promise<string> => {
  const main = join(import.meta.dirname, 'main.ts')
  return run(process.execPath, ['--conditions=@fairway/source', main, join(folder, 'shop'), 'main'])
}

test('one step pulls, and says where it got to', async () => {
  const commit = await origin.commit('Second', { page: 'two' })
  await origin.push()
  expect(await pull()).toContain(`now at ${commit}`)
  expect(await readFile(join(folder, 'shop/page'), 'utf8')).toBe('two')
})

test('what the step refuses is told in words', async () => {
  await origin.commit('Second', { '.env': 'THEIRS=1' })
  await origin.push()
  await writeFile(join(folder, 'shop/.env'), 'MINE=1')
  await expect(pull()).rejects.toThrow(/it would overwrite the untracked \.env/)
})
