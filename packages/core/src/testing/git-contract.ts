import assert from 'node:assert/strict'
import { isDeployError } from '../errors.ts'
import type { Git } from '../executors/git.ts'
import type { MaybePromise } from '../step.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'
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

    'gives the same id for the same content of a folder, and another one for other content': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git, push } = made
      const next = await push('main', { 'web/index.html': 'two\n', 'a b/ü.txt': 'x\n' })
      const back = await push('main', { 'web/index.html': 'one\n', 'copy/index.html': 'one\n' })
      await git.fetch(checkout, 'refs/heads/main')
      const treesAt = async (asked: string): Promise<readonly (string | undefined)[]> => {
        const folders = ['', 'web', 'copy', 'missing', 'web/index.html']
        const found = await git.contents(checkout.path, asked, folders)
        assert.deepEqual([...found.keys()], folders)
        return [...found.values()].map(({ tree }) => tree)
      }
      const [top, web, copy, missing, file] = await treesAt(commit)
      assert.equal(copy, undefined)
      assert.equal(missing, undefined)
      const [nextTop, nextWeb, , , nextFile] = await treesAt(next)
      assert.ok(top !== nextTop && web !== nextWeb && file !== nextFile)
      assert.ok([top, web, file, nextTop, nextWeb, nextFile].every((id) => id !== undefined))
      const [, backWeb, backCopy, , backFile] = await treesAt(back)
      assert.deepEqual([backWeb, backCopy, backFile], [web, web, file])
      await assert.rejects(git.contents(checkout.path, 'f'.repeat(40), ['web']))
    },

    'tells what lies beside a commit, by content, and edits only where they are asked for': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git, write } = made
      const besideOf = async (folder: string, edits: boolean): Promise<Readonly<Record<string, string>>> => {
        const found = await git.contents(checkout.path, commit, [folder, 'web'], { edits })
        const beside = found.get(folder)?.beside ?? []
        return Object.fromEntries(beside.map(({ file, digest = 'gone' }) => [file, digest]))
      }
      assert.deepEqual(await besideOf('', true), {})
      await write('web/new.txt', 'new\n')
      await write('web/sub/a b.txt', 'new\n')
      await write('.env', 'A=1\n')
      await write('README.md', 'edited\n')
      const before = await besideOf('', true)
      assert.deepEqual(Object.keys(before), ['.env', 'README.md', 'web/new.txt', 'web/sub/a b.txt'])
      assert.equal(before['web/new.txt'], before['web/sub/a b.txt'])
      assert.deepEqual(Object.keys(await besideOf('', false)), ['.env', 'web/new.txt', 'web/sub/a b.txt'])
      assert.deepEqual(Object.keys(await besideOf('web', true)), ['web/new.txt', 'web/sub/a b.txt'])
      assert.deepEqual(Object.keys(await besideOf('web/sub', true)), ['web/sub/a b.txt'])
      await write('.env', 'A=2\n')
      await write('README.md', 'hello\n')
      const after = await besideOf('', true)
      assert.deepEqual(Object.keys(after), ['.env', 'web/new.txt', 'web/sub/a b.txt'])
      assert.notEqual(after['.env'], before['.env'])
      assert.equal(after['web/new.txt'], before['web/new.txt'])
    },

    'looks at nothing that it is told to skip': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      for (const file of ['web/a.log', 'web/a.txt', 'modules/deep/a.txt']) await made.write(file, 'x\n')
      const skip = (path: string, isFolder: boolean): boolean =>
        path.endsWith('.log') || (isFolder && path === 'modules')
      const found = await made.git.contents(checkout.path, commit, [''], { edits: true, skip })
      assert.deepEqual(
        found.get('')?.beside.map(({ file }) => file),
        ['web/a.txt'],
      )
    },

    'before a pull, what it brings lies beside it no more than what it takes away': async (made) => {
      const { checkout } = await checkedOut(made)
      const { git, push, write } = made
      const next = await push('main', { 'web/new.txt': 'new\n' })
      await git.fetch(checkout, 'refs/heads/main')
      await write('web/new.txt', 'new\n')
      await write('web/other.txt', 'new\n')
      const found = await git.contents(checkout.path, next, ['web'])
      assert.deepEqual(
        found.get('web')?.beside.map(({ file }) => file),
        ['web/other.txt'],
      )
    },

    'lists the files of a commit below a folder': async (made) => {
      const { checkout } = await checkedOut(made)
      const { git, push } = made
      const next = await push('main', { 'web/ü b.txt': 'x\n', 'web/copy.txt': 'x\n', 'website/x': 'x\n' })
      await git.fetch(checkout, 'refs/heads/main')
      const namesIn = async (folder: string | readonly string[]): Promise<readonly string[]> =>
        (await git.listFiles(checkout.path, next, folder)).map(({ file }) => file)
      const web = ['web/copy.txt', 'web/index.html', 'web/ü b.txt']
      assert.deepEqual(await namesIn('web'), web)
      assert.deepEqual(await namesIn(''), ['README.md', ...web, 'website/x'])
      assert.deepEqual(await namesIn('we*'), [])
      assert.deepEqual(await namesIn(['website', 'web', 'README.md', 'web/copy.txt']), [
        'README.md',
        ...web,
        'website/x',
      ])
      assert.deepEqual(await namesIn(['web', '']), ['README.md', ...web, 'website/x'])
      assert.deepEqual(await namesIn([]), [])
      const [copy, index, other] = await git.listFiles(checkout.path, next, 'web')
      assert.equal(copy?.mode, '100644')
      assert.equal(copy.id, other?.id)
      assert.notEqual(copy.id, index?.id)
      await assert.rejects(git.listFiles(checkout.path, 'f'.repeat(40), ''))
    },

    'reads a file of a commit, whatever lies in the checkout': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git, push, write } = made
      const next = await push('main', {
        'web/index.html': 'two ü\n',
        'large.txt': 'x'.repeat(1024 * 1024 + 1),
      })
      await git.fetch(checkout, 'refs/heads/main')
      await write('web/index.html', 'edited\n')
      const readAt = (asked: string, file: string): Promise<string | undefined> =>
        git.readFile(checkout.path, asked, file)
      assert.equal(await readAt(commit, 'web/index.html'), 'one\n')
      assert.equal(await readAt(next, 'web/index.html'), 'two ü\n')
      for (const file of ['web', 'missing', 'large.txt', '*.md']) {
        assert.equal(await readAt(next, file), undefined)
      }
      await assert.rejects(readAt('f'.repeat(40), 'web/index.html'))
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
  return [...cases, ...gitMessagesContract(make, checkedOut), ...gitReleasesContract(make, checkedOut)]
}
