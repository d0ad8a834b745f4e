import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { run } from '../lib/run.ts'

const committed = fileURLToPath(new URL('../../docs/api', import.meta.url))

test('docs/api is what the doc comments say, and every export has one', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-api-test-'))
  try {
    const main = fileURLToPath(new URL('main.ts', import.meta.url))
    await run(process.execPath, ['--conditions=@fairway/source', main, folder])
    const pages = await readdir(folder)
    expect(pages).toContain('@fairway.core.md')
    expect((await readdir(committed)).toSorted()).toEqual(pages.toSorted())
    for (const page of pages) {
      const [made, kept] = await Promise.all(
        [folder, committed].map((from) => readFile(join(from, page), 'utf8')),
      )
      expect(made === kept, `docs/api/${page} is out of date: run pnpm docs:api`).toBe(true)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})
