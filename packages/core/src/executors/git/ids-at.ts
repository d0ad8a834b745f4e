import type { Call } from '../../run.ts'
import type { RunGit } from './command.ts'
import { objectOf, type ReadGit } from './reads.ts'

/** Git's ids of what a commit has at these paths (`` its top); those that it hasn't are left out. */
export async function idsAt(
  path: string,
  commit: string,
  files: readonly string[],
  { run, read }: { readonly run: RunGit; readonly read: ReadGit },
  call?: Call,
): Promise<ReadonlyMap<string, string>> {
  if (files.length === 0) return new Map()
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
