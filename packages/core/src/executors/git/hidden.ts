import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import type { RunGit } from './command.ts'
import type { ReadGit } from './reads.ts'

/** Which index: the checkout's own, or the one that `GIT_INDEX_FILE` of the variables names. */
interface Index {
  readonly path: string
  readonly variables?: Readonly<Record<string, string>>
}

/** Ends `assume-unchanged` and `skip-worktree` of files that are there: git would neither see nor replace their edits. */
export async function unhide(
  { path, variables = {} }: Index,
  run: RunGit,
  read: ReadGit,
  call?: Call,
): Promise<void> {
  const hidden = (await read(path, ['ls-files', '-v', '-z'], call))
    .split('\0')
    .filter((entry) => /^[a-zS] /.test(entry))
    .map((entry) => entry.slice(2))
    // A sparse checkout hides what isn't there; that must not look deleted.
    .filter((file) => existsSync(join(path, file)))
  if (hidden.length === 0) return
  const input = hidden.map((file) => `${file}\0`).join('')
  const doing = `Cannot look at the hidden files of ${path}`
  for (const flag of ['--no-assume-unchanged', '--no-skip-worktree']) {
    await run({ path, args: ['update-index', flag, '-z', '--stdin'], input, variables, doing }, call)
  }
}
