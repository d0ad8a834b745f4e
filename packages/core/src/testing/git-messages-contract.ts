import assert from 'node:assert/strict'
import { type ContractCase, contractCases, type Make } from './contract.ts'
import type { CheckedOut, GitUnderTest } from './git-contract.ts'

/** The part of `gitContract` about what commits say. */
export function gitMessagesContract(
  make: Make<GitUnderTest>,
  checkedOut: CheckedOut,
): readonly ContractCase[] {
  return contractCases(make, {
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

    'tells what the commits say that came since another one, the newest first': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git, push } = made
      const said = async (from: string | undefined, to: string): Promise<readonly string[] | undefined> =>
        (await git.messages(checkout.path, from, to))?.map(({ message }) => message.trim())
      const next = await push('main', { a: '1' }, 'Next', 'Why.\n\nDeploy: skip')
      const last = await push('main', { a: '2' }, 'Last')
      assert.equal(await said(commit, last), undefined)
      await git.fetch(checkout, 'refs/heads/main')
      assert.deepEqual(await said(commit, last), ['Last', 'Next\n\nWhy.\n\nDeploy: skip'])
      assert.deepEqual(await said(undefined, next), ['Next\n\nWhy.\n\nDeploy: skip'])
      assert.deepEqual(await said(last, commit), [])
      assert.equal(await said('f'.repeat(40), last), undefined)
      assert.deepEqual((await git.messages(checkout.path, next, last))?.[0]?.commit, last)
    },
  })
}
