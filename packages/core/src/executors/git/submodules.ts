import { shellWord } from '../../shell-word.ts'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import { cleanText } from '../../text.ts'
import type { Unsupported } from '../git.ts'
import { isBehindLink } from './behind-link.ts'
import { type Entry, lstatOrNothing } from './blob.ts'
import type { RunGit } from './command.ts'
import { type Content, readContent } from './content.ts'
import { findEdits } from './edits.ts'
import { listLfsFiles, listPointersLeft } from './lfs.ts'
import { commitOf, type ReadGit } from './reads.ts'
import { filterProblem, nameFiles } from './unsupported.ts'

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
}

interface Holder {
  readonly path: string
  readonly commit: string
  readonly content: Content
}

/**
 * What keeps the submodules of a commit from being deployed: nothing is ever fetched for one, so that its recorded
 * content must lie there already, checked out and unchanged.
 */
export async function submoduleProblem(
  holder: Holder,
  tools: Tools,
  call?: Call,
): Promise<Unsupported | undefined> {
  const problem = await findProblem(holder, '', tools, call)
  if (problem === undefined) return undefined
  const { path, commit } = holder
  return {
    problem,
    hint:
      'Fairway fetches no submodules. Bring them there, and deploy again: ' +
      `git -C ${shellWord(path)} reset --keep ${commit} && git -C ${shellWord(path)} submodule update --init --recursive`,
  }
}

async function findProblem(
  { path, content }: Holder,
  prefix: string,
  tools: Tools,
  call?: Call,
): Promise<string | undefined> {
  for (const entry of content.entries.filter(({ mode }) => mode === '160000')) {
    const name = `${prefix}${entry.file}`
    const problem = await checkSubmodule(path, entry, tools, call)
    if (problem !== undefined) return `the submodule ${cleanText(name)} ${problem}`
    const inner = join(path, entry.file)
    const nested = await readContent(inner, entry.blob, tools, call)
    const holder = { path: inner, commit: entry.blob, content: nested }
    const deeper =
      (await checkContent(name, holder, tools, call)) ?? (await findProblem(holder, `${name}/`, tools, call))
    if (deeper !== undefined) return deeper
  }
  return undefined
}

async function checkSubmodule(
  path: string,
  { file, blob }: Entry,
  tools: Tools,
  call?: Call,
): Promise<string | undefined> {
  const place = join(path, file)
  const absent = `is recorded at ${blob}, which is not checked out there`
  if ((await isBehindLink(path, file)) || !(await isCheckout(place, tools.read, call))) return absent
  const head = await commitOf(tools.read, place, 'HEAD', call)
  if (head !== blob) return `is recorded at ${blob}, but ${head ?? 'no commit'} is checked out there`
  const edits = await findEdits(place, tools, call)
  return edits.length === 0 ? undefined : `has edits of its own: ${nameFiles(edits)}`
}

/** Whether a folder is a checkout of its own: elsewhere git would climb up to the one around it. */
async function isCheckout(place: string, read: ReadGit, call?: Call): Promise<boolean> {
  if (!(await lstatOrNothing(place))?.isDirectory()) return false
  if ((await lstatOrNothing(join(place, '.git'))) === undefined) return false
  const top = (await read(place, ['rev-parse', '--show-toplevel'], call)).replace(/\n$/, '')
  return (await realpath(top)) === (await realpath(place))
}

async function checkContent(
  name: string,
  { path, content }: Holder,
  { run }: Tools,
  call?: Call,
): Promise<string | undefined> {
  const filter = filterProblem(content)
  if (filter) return `in the submodule ${cleanText(name)} ${filter.problem}`
  const left = await listPointersLeft(path, await listLfsFiles(path, content, run, call))
  if (left.length === 0) return undefined
  return `the submodule ${cleanText(name)} has Git LFS pointers instead of ${nameFiles(left)}`
}
