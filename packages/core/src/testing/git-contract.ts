import assert from 'node:assert/strict'
import { isDeployError } from '../errors.ts'
import type { Git } from '../executors/git.ts'
import type { MaybePromise } from '../step.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'
import { gitChangesContract } from './git-changes-contract.ts'
import { gitContentsContract } from './git-contents-contract.ts'
import { gitMessagesContract } from './git-messages-contract.ts'
import { gitReleasesContract } from './git-releases-contract.ts'

/** What the suite needs beside `git`: a remote, and a folder for a checkout of it. */
export interface GitUnderTest {
  readonly git: Git
  /** Absolute path of the checkout, which isn't made yet. */
  readonly path: string
  /** Where the checkout fetches from. */
  readonly url: string
  /** Puts these files on top of a branch of the remote, with this first line of the message and this below it, and gives the commit. */
  readonly push: (
    branch: string,
    files: Readonly<Record<string, string>>,
    subject?: string,
    body?: string,
  ) => MaybePromise<string>
  readonly write: (file: string, text: string) => MaybePromise<void>
  readonly read: (file: string) => MaybePromise<string | undefined>
}

/** Makes a checkout of one commit. */
export type CheckedOut = (made: GitUnderTest) => Promise<{
  readonly commit: string
  readonly checkout: { readonly path: string; readonly url: string; readonly timeout: number }
}>

/** What every `Git` keeps. */
export function gitContract(make: Make<GitUnderTest>): readonly ContractCase[] {
  const checkedOut: CheckedOut = async (made) => {
    const { git, path, url, push } = made
    const checkout = { path, url, timeout: 20_000 }
    const commit = await push('main', { 'web/index.html': 'one\n', 'README.md': 'hello\n' })
    await git.create(checkout)
    await git.fetch(checkout, 'refs/heads/main')
    await git.moveTo(checkout, 'main', commit)
    return { commit, checkout }
  }

  const cases = contractCases(make, {
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

    'the short way ends like the move, or has changed nothing': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git, push, read, write } = made
      const next = await push('main', { 'web/index.html': 'two\n' })
      await git.fetch(checkout, 'refs/heads/main')
      const isMoved = await git.advance(checkout, 'main', next)
      assert.equal((await git.head(checkout.path))?.commit, isMoved ? next : commit)
      assert.equal(await read('web/index.html'), isMoved ? 'two\n' : 'one\n')
      await git.moveTo(checkout, 'main', commit)
      await write('README.md', 'edited\n')
      assert.equal(await git.advance(checkout, 'main', next), false)
      assert.equal(await read('README.md'), 'edited\n')
    },

    'names the default branch of the remote': async (made) => {
      const { checkout } = await checkedOut(made)
      assert.equal(await made.git.defaultBranch(checkout), 'main')
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
      assert.equal(await git.readState(`${checkout.path}-not-there`, 'shop'), undefined)
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

    'does nothing once it is cancelled': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const signal = AbortSignal.abort(new Error('cancelled'))
      await assert.rejects(made.git.head(checkout.path, { signal }), /cancelled/)
      await assert.rejects(made.git.fetch(checkout, 'refs/heads/main', { signal }), /cancelled/)
      await assert.rejects(made.git.tip(checkout, 'refs/heads/main', { signal }), /cancelled/)
      await assert.rejects(made.git.describe(checkout.path, commit, { signal }), /cancelled/)
      await assert.rejects(made.git.contents(checkout.path, commit, [''], {}, { signal }), /cancelled/)
      await assert.rejects(made.git.listFiles(checkout.path, commit, '', { signal }), /cancelled/)
      await assert.rejects(made.git.readFile(checkout.path, commit, 'README.md', { signal }), /cancelled/)
      await assert.rejects(made.git.messages(checkout.path, commit, commit, { signal }), /cancelled/)
      await assert.rejects(made.git.moveTo(checkout, 'other', commit, { signal }), /cancelled/)
      assert.equal((await made.git.head(checkout.path))?.branch, 'main')
    },
  })
  const parts = [gitChangesContract, gitContentsContract, gitMessagesContract, gitReleasesContract]
  return [...cases, ...parts.flatMap((part) => part(make, checkedOut))]
}
