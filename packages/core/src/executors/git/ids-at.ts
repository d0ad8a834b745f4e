import type { Call } from '../../run.ts'
import type { RunGit } from './command.ts'
import { readCommitObject } from './commit-object.ts'
import { plainRepository } from './plain-repository.ts'
import { objectOf, type ReadGit } from './reads.ts'
import { idsBelow } from './tree-objects.ts'

/** Git's ids of what a commit has at these paths (`` its top); those that it hasn't are left out. */
export async function idsAt(
  path: string,
  commit: string,
  files: readonly string[],
  { run, read }: { readonly run: RunGit; readonly read: ReadGit },
  call?: Call,
): Promise<ReadonlyMap<string, string>> {
  if (files.length === 0) return new Map()
  return (
    (await readPlainly(path, commit, files, read, call)) ?? askGit(path, commit, files, { run, read }, call)
  )
}

/** Without a process, where the trees on the way lie in files of their own. */
async function readPlainly(
  path: string,
  commit: string,
  files: readonly string[],
  read: ReadGit,
  call?: Call,
): Promise<ReadonlyMap<string, string> | undefined> {
  // Git would make something of the others.
  if (!files.every((file) => file === '' || !/(^|\/)(\.{0,2})(\/|$)/.test(file))) return undefined
  const repository = await plainRepository(path, read, call)
  const found = repository && (await readCommitObject(repository.directory, commit))
  return found && idsBelow(repository.directory, found.tree, files)
}

async function askGit(
  path: string,
  commit: string,
  files: readonly string[],
  { run, read }: { readonly run: RunGit; readonly read: ReadGit },
  call?: Call,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  // Git reads one name a line.
  const plain = files.filter((file) => !file.includes('\n'))
  const input = plain.map((file) => `${commit}:${file}\n`).join('')
  const args = ['cat-file', '--batch-check=%(objectname)']
  const { stdout } = await run({ path, args, input, doing: `Cannot read ${commit} in ${path}` }, call)
  const lines = stdout.split('\n')
  let at = 0
  for (const file of plain) {
    const line = lines[at++] ?? ''
    if (/^[0-9a-f]+$/.test(line)) ids.set(file, line)
  }
  for (const file of files.filter((name) => name.includes('\n'))) {
    const id = await objectOf(read, path, `${commit}:${file}`, call)
    if (id !== undefined) ids.set(file, id)
  }
  return ids
}
