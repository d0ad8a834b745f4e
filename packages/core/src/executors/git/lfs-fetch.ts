import { shellWord } from '../../shell-word.ts'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DeployError, type DeployErrorCode, isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { Checkout } from '../git.ts'
import { parseAddress } from './address.ts'
import type { RunGit } from './command.ts'
import { findDirectories } from './directories.ts'
import { onDisk } from './disk.ts'
import { lfsSettings } from './lfs.ts'
import type { ReadGit } from './reads.ts'
import { sshSettings } from './ssh.ts'
import { assertSafeUrl } from './url.ts'

interface Wanted {
  readonly commit: string
  /** The text of the commit's `.lfsconfig`. */
  readonly config: string
}

/** Has git-lfs fetch the contents of a commit, before anything in the tree is touched. */
export async function fetchLfs(
  checkout: Checkout,
  { commit, config }: Wanted,
  { run, read }: { readonly run: RunGit; readonly read: ReadGit },
  call?: Call,
): Promise<void> {
  const { path, timeout } = checkout
  const doing = `Cannot fetch the Git LFS files of ${commit} into ${path}`
  const { own: gitDirectory } = await findDirectories(path, read, call)
  // As its tree git-lfs sees a folder with the commit's own .lfsconfig and nothing else: the checkout's is of another commit.
  const tree = join(gitDirectory, 'fairway-lfs')
  await onDisk(doing, path, async () => {
    try {
      await mkdir(tree, { recursive: true })
      await writeFile(join(tree, '.lfsconfig'), config)
      await run(
        {
          path,
          args: [
            ...(await sshSettings(path, read, call)),
            'lfs',
            'fetch',
            await remoteOf(checkout, read, call),
            commit,
          ],
          settings: lfsSettings,
          variables: { GIT_DIR: gitDirectory, GIT_WORK_TREE: tree },
          timeout,
          live: 'stderr',
          doing,
        },
        call,
      )
    } catch (error) {
      throw isDeployError(error, 'git_failed') ? explain(doing, path, error) : error
    } finally {
      await rm(tree, { recursive: true, force: true })
    }
  })
}

/** The configured URL, else origin; git-lfs takes a bare path for the name of a remote. */
async function remoteOf({ path, url }: Checkout, read: ReadGit, call?: Call): Promise<string> {
  if (url === undefined) {
    assertSafeUrl((await read(path, ['config', '--get', 'remote.origin.url'], call)).trim())
    return 'origin'
  }
  assertSafeUrl(url)
  const isPath = parseAddress(url).transport === 'file' && (isAbsolute(url) || !url.includes('://'))
  return isPath ? pathToFileURL(resolve(path, url)).href : url
}

const failures: readonly (readonly [RegExp, DeployErrorCode, string, string])[] = [
  [
    /dial tcp|no such host|connection re(fused|set)|timeout|EOF|batch response: Fatal error|HTTP 5\d\d/i,
    'remote_unreachable',
    'its server did not answer as it should',
    'Check that the server of the Git LFS files answers',
  ],
  [
    /authentication required|authorization error|credentials|HTTP 40[13]|permission denied/i,
    'remote_denied',
    'its server lets us in to no Git LFS files',
    "Check the user's git credential helper or ssh key: git lfs uses the same as git",
  ],
  [
    /does not exist|not found|missing object|HTTP 404/i,
    'remote_not_found',
    'its server does not have all of them',
    'Push them from where they are: git lfs push --all origin',
  ],
]

/** git-lfs, which has neither exit codes nor fixed words for what went wrong; a server's own words stand as they are. */
function explain(doing: string, path: string, error: DeployError): DeployError {
  const said = [error.message, ...error.output].join('\n')
  const found = failures.find(([when]) => when.test(said))
  if (found) {
    const [, code, text, hint] = found
    return new DeployError(code, `${doing}: ${text}`, { hint, output: error.output })
  }
  const reason = error.output.find((line) => line.startsWith('batch '))
  if (reason === undefined) return error
  const hint = `See more with: git -C ${shellWord(path)} lfs fetch`
  return new DeployError('git_failed', `${doing}: ${reason}`, { hint, output: error.output })
}
