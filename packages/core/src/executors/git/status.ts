import type { Call } from '../../run.ts'
import type { RunGit } from './command.ts'

/** A tracked file that differs from what is checked out. */
export interface Edited {
  readonly file: string
  /** The two letters of git status: the index against HEAD, the tree against the index. */
  readonly state: string
  /** Git's ids of it in HEAD and in the index; all zeros where it isn't there. */
  readonly head: { readonly mode: string; readonly blob: string }
  readonly index: string
}

export interface Status {
  readonly edited: readonly Edited[]
  /** Untracked and ignored files, and folders (without a slash at the end) in which nothing is tracked. */
  readonly others: readonly string[]
}

/** What lies in folders and isn't as HEAD has it; looking changes nothing, not even what the index knows of the files. */
export async function readStatus(
  path: string,
  folders: readonly string[],
  run: RunGit,
  call?: Call,
): Promise<Status> {
  const options = [
    '--porcelain=v2',
    '-z',
    '--no-renames',
    '--untracked-files=normal',
    '--ignored=matching',
    // Git would look into them with their own configuration.
    '--ignore-submodules=all',
  ]
  const variables = { GIT_OPTIONAL_LOCKS: '0', GIT_LITERAL_PATHSPECS: '1' }
  const places = folders.includes('') ? [] : folders
  const args = ['status', ...options, '--', ...places]
  return parseStatus((await run({ path, args, variables, doing: `Cannot look at ${path}` }, call)).stdout)
}

/** `1 XY sub mH mI mW hH hI path`, `u XY sub m1 m2 m3 mW h1 h2 h3 path` where it is unmerged, `? path`, `! path`. */
function parseStatus(output: string): Status {
  const edited: Edited[] = []
  const others: string[] = []
  for (const line of output.split('\0')) {
    if (/^[?!] /.test(line)) others.push(line.slice(2).replace(/\/$/, ''))
    const [, kind, state = '', rest = ''] = /^([1u]) (..) (.*)$/s.exec(line) ?? []
    if (kind === undefined) continue
    const fields = rest.split(' ')
    const words = kind === '1' ? 6 : 8
    // Of an unmerged file no version is HEAD's for sure.
    const [mode = '', blob = '', index = ''] = kind === '1' ? [fields[1], fields[4], fields[5]] : []
    if (fields.slice(1, words).includes('160000')) continue
    edited.push({ file: fields.slice(words).join(' '), state, head: { mode, blob }, index })
  }
  return { edited, others }
}
