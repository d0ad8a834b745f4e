import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gitBench } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

/** Makes a commit of this message's very bytes in a clone. */
function commitOf(path: string, message: string | Buffer, ...settings: readonly string[]): string {
  writeFiles(path, { '../message': message })
  const given = settings.flatMap((setting) => ['-c', setting])
  bench.play.git(
    path,
    ...given,
    'commit',
    '--quiet',
    '--allow-empty',
    '--cleanup=verbatim',
    '-F',
    '../message',
  )
  return bench.play.git(path, 'rev-parse', 'HEAD')
}

test.each<[string, string, string]>([
  ['of several lines', 'Fix the cart\n\nIt was empty.\n', 'Fix the cart'],
  ['of several lines without a blank one between them', 'Fix\nthe cart\n', 'Fix'],
  ['that begins with blank lines', '\n \n  Fix \n\nx', 'Fix'],
  ['with a line end of Windows', 'Fix\r\n\r\nx\r\n', 'Fix'],
])('a message %s', async (_, message, subject) => {
  const { path } = bench.cloned()
  expect(await bench.git.describe(path, commitOf(path, message))).toEqual({ subject, author: 'Ada' })
})

test('a message in another encoding that says so', async () => {
  const { path } = bench.cloned()
  const commit = commitOf(path, Buffer.from('Gr\u00fc\u00dfe', 'latin1'), 'i18n.commitEncoding=ISO-8859-1')
  bench.play.git(path, 'config', 'i18n.logOutputEncoding', 'ISO-8859-1')
  expect(await bench.git.describe(path, commit)).toMatchObject({ subject: 'Grüße' })
})

test("starts no program of the checkout's configuration", async () => {
  const { path } = bench.cloned()
  const hacked = join(path, 'hacked')
  writeFiles(path, { '../gpg': { program: `#!/bin/sh\ntouch ${hacked}\n` } })
  for (const [key, value] of [
    ['log.showSignature', 'true'],
    ['gpg.program', bench.play.path('gpg')],
    ['core.pager', `touch ${hacked}`],
    ['format.pretty', 'oneline'],
    ['log.mailmap', 'true'],
  ] as const) {
    bench.play.git(path, 'config', key, value)
  }
  const signed = bench.play.git(path, 'cat-file', 'commit', 'HEAD').replace('\n\n', '\ngpgsig x\n\n')
  writeFiles(path, { '../signed': `${signed}\n` })
  const commit = bench.play.git(path, 'hash-object', '-t', 'commit', '-w', '../signed')
  expect(await bench.git.describe(path, commit)).toEqual({ subject: 'change', author: 'Ada' })
  expect(existsSync(hacked)).toBe(false)
})
