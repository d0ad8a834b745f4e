import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolders } from '../../src/executors/temporary-folders.ts'
import { writeFiles } from '../support/repository.ts'

const folders = temporaryFolders()

/** A checkout, and a folder with the files of a newer commit. */
async function world() {
  const checkout = mkdtempSync(join(tmpdir(), 'fairway-beside-'))
  const folder = await folders.create()
  onTestFinished(async () => {
    rmSync(checkout, { recursive: true, force: true })
    await folders.remove(folder)
  })
  writeFiles(checkout, {
    '.git/config': '',
    'compose.yaml': 'old',
    'web/index.html': 'old',
    'web/.env': 'untracked in a folder of tracked files',
    'gone/a.md': 'the new commit has it no more',
    'gone/notes.txt': 'untracked',
    'data/db/pages': 'a folder of untracked files',
    '.env': 'A=1\n',
    secrets: { link: '/etc/hostname' },
    'lib/code.c': 'in a submodule',
    'same.txt': 'untracked, and the new commit brings it',
  })
  writeFiles(folder, { 'compose.yaml': 'new', 'web/index.html': 'new', 'same.txt': 'new' })
  mkdirSync(join(folder, 'lib'))
  const tracked = ['compose.yaml', 'web/index.html', 'gone/a.md']
  return { checkout, folder, tracked }
}

test('what is not tracked is linked beside the files of a commit, and nothing of the checkout changes', async () => {
  const { checkout, folder, tracked } = await world()
  const linked = await folders.linkBeside(checkout, folder, tracked)
  expect([...linked].toSorted()).toEqual(['.env', 'data', 'gone/notes.txt', 'lib', 'secrets', 'web/.env'])
  expect(readFileSync(join(folder, 'web/.env'), 'utf8')).toContain('untracked')
  expect(readFileSync(join(folder, 'web/index.html'), 'utf8')).toBe('new')
  expect(readFileSync(join(folder, 'same.txt'), 'utf8')).toBe('new')
  expect(readlinkSync(join(folder, 'data'))).toBe(join(checkout, 'data'))
  expect(lstatSync(join(folder, 'secrets')).isSymbolicLink()).toBe(true)
  expect(existsSync(join(folder, '.git'))).toBe(false)
  expect(existsSync(join(folder, 'gone/a.md'))).toBe(false)
})

test('removing the folder leaves what it links to', async () => {
  const { checkout, folder, tracked } = await world()
  await folders.linkBeside(checkout, folder, tracked)
  await folders.remove(folder)
  expect(existsSync(folder)).toBe(false)
  expect(readFileSync(join(checkout, 'data/db/pages'), 'utf8')).toContain('untracked')
})

test('nobody else can look into it', async () => {
  const { folder } = await world()
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

test('where none can be made, that is said', async () => {
  await expect(temporaryFolders({ parent: '/nonexistent' }).create()).rejects.toMatchObject({
    code: 'files_failed',
    message: 'Cannot make a folder in /nonexistent: ENOENT',
  })
})
