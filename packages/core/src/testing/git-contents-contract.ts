import assert from 'node:assert/strict'
import { type ContractCase, contractCases, type Make } from './contract.ts'
import type { CheckedOut, GitUnderTest } from './git-contract.ts'

/** The part of `gitContract` about what folders and files hold. */
export function gitContentsContract(
  make: Make<GitUnderTest>,
  checkedOut: CheckedOut,
): readonly ContractCase[] {
  return contractCases(make, {
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
  })
}
