import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checksum } from '../../src/journal/sqlite/checksum.ts'
import { connect } from '../../src/journal/sqlite/connect.ts'
import { sqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { begin, deploy, queue } from './contract/support.ts'
import { temporaryFolders } from './temporary-folders.ts'

const folders = temporaryFolders()
afterEach(() => folders.remove())

test('records of a version that knew no plans have none, and deployments after them go on', async () => {
  const directory = folders.make()
  const older = sqliteJournal({ directory })
  const ended = await deploy(older, 'd1', 'success', 'a'.repeat(40))
  const waiting = await queue(older, 'd2')
  await older.close()
  forgetPlans(join(directory, 'journal.db'))

  const journal = folders.close(sqliteJournal({ directory }))
  for (const id of [ended, waiting]) {
    expect(await journal.deployment(id)).toMatchObject({ id, plan: null, containers: null })
  }
  await begin(journal)
  const left = [{ service: 'web', id: 'web-1', image: 'sha256:web' }]
  await journal.ended(waiting, { status: 'success', reason: null, commit: null, left })
  expect((await journal.deployment(waiting))?.containers).toEqual([{ ...left[0], madeBy: null }])
})

/** Makes every row what it was before deployments had plans. */
function forgetPlans(file: string): void {
  const database = connect(file)
  const rows = database.prepare('SELECT * FROM deployments').all()
  for (const { id, app, ref, status, owner, ended_at, record } of rows) {
    const row = JSON.parse(String(record)) as { deployment: { plan?: null; containers?: null } }
    delete row.deployment.plan
    delete row.deployment.containers
    const text = JSON.stringify(row)
    const sum = checksum([id, app, ref, status, owner, ended_at] as (string | number | null)[], text)
    database
      .prepare('UPDATE deployments SET record = ?, checksum = ? WHERE id = ?')
      .run(text, sum, id ?? null)
  }
  database.close()
}
