import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { deflateSync, inflateSync } from 'node:zlib'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { readCommitObject } from '../../../src/executors/git/commit-object.ts'
import { findCommit, describeCommit, recallCommit } from '../../../src/executors/git/describe.ts'
import { gitBench } from '../../support/git-bench.ts'
import { type Spied, spiedGit } from '../../support/spied-reader.ts'

const bench = gitBench()

let path: string
let spied: Spied
beforeEach(() => {
  ;({ path } = bench.cloned())
  spied = spiedGit(bench.play.environment)
})

const git = (...args: readonly string[]): string => bench.play.git(path, ...args)

/** Makes a commit of exactly these bytes. */
function commit(text: string | Buffer): string {
  const file = bench.play.path('commit')
  writeFileSync(file, text)
  return git('hash-object', '-t', 'commit', '-w', '--literally', file)
}

const head = (message: string, more = '', author = 'Ada Ödé <ada@example.org> 1700000000 +0100'): string =>
  `tree ${git('rev-parse', 'HEAD^{tree}')}\nparent ${git('rev-parse', 'HEAD')}\nauthor ${author}\ncommitter C <c@x> 1700000000 +0100\n${more}\n${message}`

/** What git says of it. */
function asGit(id: string): unknown {
  const format = '--format=%H%x00%T%x00%P%x00%an%x00%B'
  const said = git('log', '--max-count=1', '--encoding=UTF-8', format, id).split('\0')
  const [sha, tree, parents = '', author, message] = said
  return { commit: sha, tree, parents: parents.split(' ').filter(Boolean), author, message }
}

describe('a commit in a file of its own is read as git reads it', () => {
  test.for<[string, () => string]>([
    ['the usual one', () => commit(head('Subject\n\nBody\n'))],
    ['without a message', () => commit(head(''))],
    ['with blanks and empty lines around its message', () => commit(head('\n  Subject  \n\n\nBody\n\n'))],
    [
      'with a signature',
      () => commit(head('Signed\n', 'gpgsig -----BEGIN\n \n author X <x@x> 1 +0000\n -----END\n')),
    ],
    ['with an author without a name', () => commit(head('x\n', '', '<ada@example.org> 1700000000 +0000'))],
    ['with a mark at its beginning', () => commit(head('\ufeffSubject\n'))],
    [
      'that merges',
      () => {
        git('checkout', '--quiet', '-b', 'side', 'HEAD')
        git('commit', '--quiet', '--allow-empty', '--message', 'side')
        git('checkout', '--quiet', 'main')
        git('merge', '--quiet', '--no-ff', '--message', 'Merge', 'side')
        return git('rev-parse', 'HEAD')
      },
    ],
    ['that is the first', () => git('commit-tree', '-m', 'first', 'HEAD^{tree}')],
  ])('%s', async ([, make]) => {
    const id = make()
    expect(await readCommitObject(join(path, '.git'), id)).toEqual(asGit(id))
  })

  test.for<[string, () => string]>([
    ['in another encoding', () => commit(Buffer.from(head('\xfcber\n', 'encoding ISO-8859-1\n'), 'latin1'))],
    ['that is no UTF-8', () => commit(Buffer.from(head('\xfcber\n', '', 'A <a@x> 1 +0000'), 'latin1'))],
    ['with a NUL', () => commit(head('a\0b'))],
    ['that is a blob', () => git('hash-object', '-w', join(path, 'a'))],
    ['in a pack', () => git('rev-parse', 'HEAD')],
    ['that is not there', () => 'f'.repeat(40)],
  ])('and one %s is left to git', async ([name, make]) => {
    const id = make()
    if (name === 'in a pack') git('repack', '-a', '-d', '--quiet')
    expect(await readCommitObject(join(path, '.git'), id)).toBeUndefined()
  })

  test('and one that is damaged, or another, is left to git', async () => {
    const id = commit(head('Subject\n'))
    const file = join(path, '.git/objects', id.slice(0, 2), id.slice(2))
    const whole = inflateSync(readFileSync(file))
    for (const damaged of [
      deflateSync(Buffer.from(`${whole.toString('latin1')} `, 'latin1')),
      Buffer.alloc(9),
    ]) {
      rmSync(file)
      writeFileSync(file, damaged)
      expect(await readCommitObject(join(path, '.git'), id)).toBeUndefined()
    }
  })
})

describe('what is fetched', () => {
  const call = (): { memory: Map<string, unknown> } => ({ memory: new Map() })

  test('is found and described without a process, as git does it', async () => {
    git('update-ref', 'refs/remotes/origin/main', commit(head('  Subject \nmore\n\nBody\n')))
    const id = git('rev-parse', 'refs/remotes/origin/main')
    const [plain, asked] = [call(), call()]
    expect(await findCommit(path, 'refs/remotes/origin/main', spied.read, plain)).toBe(id)
    expect(spied.asked).toEqual(['config'])
    git('pack-refs', '--all')
    expect(await findCommit(path, 'refs/remotes/origin/main', spied.read, asked)).toBe(id)
    expect(spied.asked).toContain('log')
    expect(recallCommit(path, id, plain)).toEqual(recallCommit(path, id, asked))
    expect(await describeCommit(path, id, spied.read, plain)).toEqual({
      subject: 'Subject',
      author: 'Ada Ödé',
    })
  })

  test.for<[string, () => void]>([
    ['other objects stand for some', () => git('replace', 'HEAD', commit(head('instead\n')))],
    [
      'such a one is packed',
      () => {
        git('replace', 'HEAD', commit(head('instead\n')))
        git('pack-refs', '--all')
      },
    ],
    ['parents are told elsewhere', () => writeFileSync(join(path, '.git/info/grafts'), '')],
    ['history is cut off', () => writeFileSync(join(path, '.git/shallow'), `${git('rev-parse', 'HEAD')}\n`)],
  ])('is left to git where %s', async ([, prepare]) => {
    const id = commit(head('Subject\n'))
    prepare()
    expect(await findCommit(path, id, spied.read, call())).toBe(id)
    expect(spied.asked).toContain('log')
  })
})
