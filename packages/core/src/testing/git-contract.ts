import assert from 'node:assert/strict'
import { isDeployError } from '../errors.ts'
import type { Git } from '../executors/git.ts'
import type { MaybePromise } from '../step.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'

/** What the suite needs beside `git`: a remote, and a folder for a checkout of it. */
export interface GitUnderTest {
  readonly git: Git
  /** Absolute path of the checkout, which isn't made yet. */
  readonly path: string
  /** Where the checkout fetches from. */
  readonly url: string
  /** Puts these files on top of a branch of the remote, with this first line of the message, and gives the commit. */
  readonly push: (
    branch: string,
    files: Readonly<Record<string, string>>,
    subject?: string,
  ) => MaybePromise<string>
  readonly write: (file: string, text: string) => MaybePromise<void>
  readonly read: (file: string) => MaybePromise<string | undefined>
}

/** What every `Git` keeps. */
export function gitContract(make: Make<GitUnderTest>): readonly ContractCase[] {
  const checkedOut = async (
    made: GitUnderTest,
  ): Promise<{ commit: string; checkout: { path: string; url: string; timeout: number } }> => {
    const { git, path, url, push } = made
    const checkout = { path, url, timeout: 20_000 }
    const commit = await push('main', { 'web/index.html': 'one\n', 'README.md': 'hello\n' })
    await git.create(checkout)
    await git.fetch(checkout, 'refs/heads/main')
    await git.moveTo(checkout, 'main', commit)
    return { commit, checkout }
  }

  return contractCases(make, {
    'tells its version': async ({ git }) => {
      assert.match(await git.version(), /^\d+(\.\d+)+/)
    },

    'a folder that is no checkout has no head, and with files in it becomes none': async (made) => {
      const { git, path, url, write } = made
      assert.equal(await git.head(path), undefined)
      await write('README.md', 'mine\n')
      assert.equal(await git.head(path), undefined)
      await assert.rejects(git.create({ path, url, timeout: 20_000 }), (error) =>
        isDeployError(error, 'checkout_invalid'),
      )
    },

    'makes a checkout, fetches the tip and moves the tree to it': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      assert.deepEqual(await made.git.head(checkout.path), { commit, branch: 'main' })
      assert.equal(await made.read('web/index.html'), 'one\n')
    },

    'goes to another branch and back, and leaves untracked files where they are': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git, push, read, write } = made
      await write('.env', 'COLOR=red\n')
      const other = await push('next', { 'web/index.html': 'next\n', 'new/page.html': 'new\n' })
      await git.fetch(checkout, 'refs/heads/next')
      assert.equal(await read('web/index.html'), 'one\n')
      await git.moveTo(checkout, 'next', other)
      assert.deepEqual(await git.head(checkout.path), { commit: other, branch: 'next' })
      assert.equal(await read('new/page.html'), 'new\n')
      await git.moveTo(checkout, 'main', commit)
      assert.equal(await read('web/index.html'), 'one\n')
      assert.equal(await read('new/page.html'), undefined)
      assert.equal(await read('.env'), 'COLOR=red\n')
    },

    'names the default branch of the remote': async (made) => {
      const { checkout } = await checkedOut(made)
      assert.equal(await made.git.defaultBranch(checkout), 'main')
    },

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

    'a ref that the remote has not is refused': async (made) => {
      const { checkout } = await checkedOut(made)
      const isMissing = (error: unknown): boolean => isDeployError(error, 'ref_not_found')
      await assert.rejects(made.git.fetch(checkout, 'refs/heads/gone'), isMissing)
      await assert.rejects(made.git.fetchNamed(checkout, 'gone'), isMissing)
      await assert.rejects(made.git.fetchNamed(checkout, '--upload-pack=x'), isMissing)
    },

    'fetches what a person named': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const other = await made.push('feature', { 'web/index.html': 'feature\n' })
      assert.deepEqual(await made.git.fetchNamed(checkout, 'feature'), {
        ref: 'refs/heads/feature',
        commit: other,
      })
      assert.equal((await made.git.fetchNamed(checkout, commit)).commit, commit)
    },

    'remembers what was deployed': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git } = made
      assert.equal(await git.deployed(checkout.path, 'shop'), undefined)
      assert.equal(await git.readState(checkout.path, 'shop'), undefined)
      const state = { services: { web: { build: 'sha256:1' } }, unsettled: ['web'] }
      await git.writeState(checkout.path, 'shop', state)
      assert.deepEqual(await git.readState(checkout.path, 'shop'), state)
      assert.equal(await git.deployed(checkout.path, 'shop'), undefined)
      await git.recordDeployed(checkout.path, 'shop', { ...state, commit, unsettled: [] })
      assert.equal(await git.deployed(checkout.path, 'shop'), commit)
      assert.deepEqual(await git.readState(checkout.path, 'shop'), { ...state, commit, unsettled: [] })
    },

    'keeps the records of apps in one checkout apart': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      await made.git.recordDeployed(checkout.path, 'shop', { commit, services: {}, unsettled: [] })
      assert.equal(await made.git.deployed(checkout.path, 'shop2'), undefined)
      assert.equal(await made.git.readState(checkout.path, 'shop2'), undefined)
    },

    'tells where a ref of the remote is, with a checkout and without, and fetches nothing': async (made) => {
      const { git, path, url, push } = made
      const branch = 'refs/heads/main'
      const first = await push('main', { a: '1' })
      const checkout = { path, url, timeout: 20_000 }
      assert.deepEqual(await git.tip(checkout, branch), { ref: branch, commit: first })
      assert.equal(await git.head(path), undefined)
      await git.create(checkout)
      const next = await push('main', { a: '2' })
      await push('nested/refs/heads/main', { a: '3' })
      assert.deepEqual(await git.tip(checkout, branch), { ref: branch, commit: next })
      assert.equal(await git.tip(checkout, 'refs/heads/gone'), undefined)
      assert.equal(await git.tip(checkout, 'main'), undefined)
      assert.equal(await git.changedFiles(path, first, next), undefined)
      await assert.rejects(git.tip(checkout, '--upload-pack=x'), (error) =>
        isDeployError(error, 'ref_not_found'),
      )
    },

    'tells what a commit says of itself, and fails for one that is not there': async (made) => {
      const { checkout } = await checkedOut(made)
      const { git, push } = made
      const commit = await push('main', { a: '1' }, 'Grüße: \u001b[31m $(x) "y"')
      await git.fetch(checkout, 'refs/heads/main')
      const { subject, author } = await git.describe(checkout.path, commit)
      assert.equal(subject, 'Grüße: \u001b[31m $(x) "y"')
      assert.notEqual(author, '')
      await assert.rejects(git.describe(checkout.path, 'f'.repeat(40)))
    },

    'does nothing once it is cancelled': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const signal = AbortSignal.abort(new Error('cancelled'))
      await assert.rejects(made.git.head(checkout.path, { signal }), /cancelled/)
      await assert.rejects(made.git.fetch(checkout, 'refs/heads/main', { signal }), /cancelled/)
      await assert.rejects(made.git.tip(checkout, 'refs/heads/main', { signal }), /cancelled/)
      await assert.rejects(made.git.describe(checkout.path, commit, { signal }), /cancelled/)
      await assert.rejects(made.git.moveTo(checkout, 'other', commit, { signal }), /cancelled/)
      assert.equal((await made.git.head(checkout.path))?.branch, 'main')
    },
  })
}
