import { isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import { cleanText } from '../../text.ts'
import { parseAddress } from './address.ts'
import type { Entry } from './blob.ts'
import type { RunGit } from './command.ts'
import type { ReadGit } from './reads.ts'
import { parseSettings, readSettings } from './settings.ts'
import { assertSafeUrl } from './url.ts'

/** The `.lfsconfig` at the top of a commit; empty where there is none, or a link. */
export async function readLfsConfig(
  path: string,
  entries: readonly Entry[],
  read: ReadGit,
  call?: Call,
): Promise<string> {
  const found = entries.find(({ file, mode }) => file === '.lfsconfig' && mode.startsWith('100'))
  return found === undefined ? '' : read(path, ['cat-file', 'blob', found.blob], call)
}

/** What is wrong with a commit's `.lfsconfig`, which is text from outside: it may name servers over https and ssh only. */
export async function lfsConfigProblem(
  path: string,
  text: string,
  run: RunGit,
  call?: Call,
): Promise<string | undefined> {
  if (text === '') return undefined
  let listed: string
  try {
    const args = ['config', '--file', '-', '-z', '--list']
    listed = (await run({ path, args, input: text, doing: 'Cannot read .lfsconfig' }, call)).stdout
  } catch (error) {
    if (isDeployError(error, 'git_failed')) return 'its .lfsconfig is no valid configuration'
    throw error
  }
  const unsafe = parseSettings(listed).find(([key, url]) => /^(lfs|remote)\..*url$/.test(key) && !isSafe(url))
  return (
    unsafe &&
    `${cleanText(unsafe[0], 100)} in its .lfsconfig is not an address over https or ssh without a password`
  )
}

/** What the checkout's own git configuration would make git-lfs do that Fairway won't: run programs, show a password. */
export async function ownConfigProblem(
  path: string,
  read: ReadGit,
  call?: Call,
): Promise<string | undefined> {
  const settings = await readSettings(path, read, call)
  const program = settings.find(
    ([key, value]) =>
      value !== '' && /^lfs\.(extension|customtransfer)\.|^lfs\.(.*\.)?standalonetransferagent$/.test(key),
  )
  if (program)
    return `the git configuration of ${path} has ${cleanText(program[0], 100)}, a program for Git LFS`
  const urls = settings.filter(([key]) => /^lfs\.(push)?url$|^remote\..*\.lfs(push)?url$/.test(key))
  for (const [, url] of urls) assertSafeUrl(url)
  return undefined
}

function isSafe(url: string): boolean {
  try {
    return ['https', 'ssh'].includes(parseAddress(assertSafeUrl(url)).transport)
  } catch (error) {
    if (isDeployError(error, 'unsafe_url')) return false
    throw error
  }
}
