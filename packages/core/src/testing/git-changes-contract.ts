import assert from 'node:assert/strict'
import { isDeployError } from '../errors.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'
import type { CheckedOut, GitUnderTest } from './git-contract.ts'

/** The part of `gitContract` about what a commit changes, and what it would overwrite. */
export function gitChangesContract(
  make: Make<GitUnderTest>,
  checkedOut: CheckedOut,
): readonly ContractCase[] {
  return contractCases(make, {
    'tells which files changed between two commits, and nothing where one is unknown': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const next = await made.push('main', { 'web/index.html': 'two\n' })
      await made.git.fetch(checkout, 'refs/heads/main')
      assert.deepEqual(await made.git.changedFiles(checkout.path, commit, next), ['web/index.html'])
      assert.equal(await made.git.changedFiles(checkout.path, 'f'.repeat(40), next), undefined)
    },

    'tells what several commits changed, whatever the files are called': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git, push } = made
      await push('main', { 'a b/ü.txt': 'one\n' })
      const next = await push('main', { constructor: 'x\n', '[a].txt': 'x\n' })
      await git.fetch(checkout, 'refs/heads/main')
      const changed = await git.changedFiles(checkout.path, commit, next)
      assert.deepEqual(changed?.toSorted(), ['[a].txt', 'a b/ü.txt', 'constructor'])
      assert.deepEqual(await git.changedFiles(checkout.path, next, next), [])
    },

    'knows tracked files from others, and patterns from names': async (made) => {
      const { checkout } = await checkedOut(made)
      await made.write('untracked.txt', 'mine\n')
      const asked = ['README.md', 'web/index.html', 'untracked.txt', 'missing', '*.md', 'constructor']
      const tracked = await Promise.all(asked.map((file) => made.git.isTracked(checkout.path, file)))
      assert.deepEqual(tracked, [true, true, false, false, false, false])
    },

    'a file in the way of a folder and a folder in the way of a file are named too': async (made) => {
      const { checkout } = await checkedOut(made)
      await made.write('notes', 'a file\n')
      await made.write('data/deep/file', 'in a folder\n')
      await made.write('elsewhere.txt', 'in nobody’s way\n')
      await made.write('README.md', 'edited, but tracked\n')
      const next = await made.push('main', { 'notes/today': 'x\n', data: 'x\n', 'README.md': 'new\n' })
      await made.git.fetch(checkout, 'refs/heads/main')
      const found = await made.git.inTheWay(checkout.path, next)
      assert.deepEqual(found.toSorted(), ['data/deep/file', 'notes'])
    },

    'tells which files of a commit need a filter, and nothing of those that need none': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git, push } = made
      assert.equal(await git.prepare(checkout, commit), undefined)
      const attributes = { '.gitattributes': '*.key filter=git-crypt\n' }
      const harmless = await push('main', attributes)
      const next = await push('main', { ...attributes, 'a/x.key': 'x\n', 'a/y.key': 'y\n' })
      await git.fetch(checkout, 'refs/heads/main')
      assert.equal(await git.prepare(checkout, harmless), undefined)
      const { problem = '' } = (await git.prepare(checkout, next)) ?? {}
      assert.match(problem, /^a\/x\.key and 1 more have the filter git-crypt /)
      await assert.rejects(git.moveTo(checkout, 'main', next), (error) =>
        isDeployError(error, 'content_unsupported'),
      )
      assert.equal((await git.head(checkout.path))?.commit, commit)
    },

    'names the untracked file that a push would overwrite, unless its content is the same': async (made) => {
      const { checkout } = await checkedOut(made)
      const next = await made.push('main', { '.env': 'A=1\n' })
      await made.git.fetch(checkout, 'refs/heads/main')
      await made.write('.env', 'A=mine\n')
      assert.deepEqual(await made.git.inTheWay(checkout.path, next), ['.env'])
      await made.write('.env', 'A=1\n')
      assert.deepEqual(await made.git.inTheWay(checkout.path, next), [])
    },

    'keeps tracked edits before they are lost': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const time = new Date('2026-01-31T12:00:00Z')
      assert.equal(await made.git.keepEdits(checkout.path, time), undefined)
      await made.write('README.md', 'edited\n')
      const kept = await made.git.keepEdits(checkout.path, time)
      assert.deepEqual(kept, { ref: 'refs/fairway/overwritten/20260131T120000.000Z', files: ['README.md'] })
      await made.git.moveTo(checkout, 'main', commit)
      assert.equal(await made.read('README.md'), 'hello\n')
    },
  })
}
