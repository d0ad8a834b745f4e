import { DeployError, isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { Checkout, Git, Tip } from '../git.ts'
import type { RunGit } from './command.ts'
import { commitOf, type ReadGit } from './reads.ts'
import { assertRefName, isFullSha } from './ref-name.ts'
import { removeStaleLocks } from './stale-locks.ts'
import { assertSafeUrl } from './url.ts'

/** Where a ref that is no branch is fetched to, so that nothing collects it before it is checked out. */
const fetched = 'refs/fairway/fetched'

/** What talks to the remote. Text from a push never gets here: refs come from the operator. */
export function gitRemote(run: RunGit, read: ReadGit): Pick<Git, 'defaultBranch' | 'fetch' | 'fetchNamed'> {
  const fetchRefspecs = async (
    checkout: Checkout,
    what: string,
    refspecs: readonly string[],
    call?: Call,
  ): Promise<void> => {
    const remote = await remoteOf(checkout, read, call)
    await removeStaleLocks(checkout.path, read, call)
    await run(
      {
        path: checkout.path,
        args: ['fetch', '--no-tags', '--no-write-fetch-head', '--end-of-options', remote, ...refspecs],
        timeout: checkout.timeout,
        live: 'stderr',
        doing: `Cannot fetch ${what} into ${checkout.path}`,
      },
      call,
    )
  }

  const fetch = async (checkout: Checkout, ref: string, call?: Call): Promise<Tip> => {
    assertRefName(ref)
    const into = ref.startsWith('refs/heads/')
      ? `refs/remotes/origin/${ref.slice('refs/heads/'.length)}`
      : fetched
    await fetchRefspecs(checkout, ref, [`+${ref}:${into}`], call)
    return { ref, commit: await existing(checkout.path, into, call) }
  }

  const existing = async (path: string, name: string, call?: Call): Promise<string> => {
    const commit = await commitOf(read, path, name, call)
    if (commit !== undefined) return commit
    throw new DeployError('ref_not_found', `Cannot deploy ${name} of ${path}: it is not a commit`)
  }

  /** A host may refuse to send a bare commit; then every branch and tag is fetched, and it must be in one of them. */
  const fetchCommit = async (checkout: Checkout, commit: string, call?: Call): Promise<Tip> => {
    if ((await commitOf(read, checkout.path, commit, call)) === undefined) {
      try {
        await fetchRefspecs(checkout, commit, [`+${commit}:${fetched}`], call)
      } catch (error) {
        if (!isDeployError(error, 'git_failed') && !isDeployError(error, 'ref_not_found')) throw error
        const everything = ['+refs/heads/*:refs/remotes/origin/*', 'refs/tags/*:refs/tags/*']
        await fetchRefspecs(checkout, 'all branches and tags', everything, call)
      }
    }
    return { ref: commit, commit: await existing(checkout.path, commit, call) }
  }

  const list = async (checkout: Checkout, args: readonly string[], call?: Call): Promise<string> => {
    const remote = await remoteOf(checkout, read, call)
    const doing = `Cannot list the refs of the remote of ${checkout.path}`
    const command = ['ls-remote', '--symref', '--end-of-options', remote, ...args]
    return (await run({ path: checkout.path, args: command, timeout: checkout.timeout, doing }, call)).stdout
  }

  return {
    fetch,

    async fetchNamed(checkout, name, call) {
      assertRefName(name)
      if (name.startsWith('refs/')) return fetch(checkout, name, call)
      const candidates = [`refs/heads/${name}`, `refs/tags/${name}`]
      const listed = (await list(checkout, candidates, call)).split('\n').map((line) => line.split('\t')[1])
      const ref = candidates.find((candidate) => listed.includes(candidate))
      if (ref !== undefined) return fetch(checkout, ref, call)
      if (isFullSha(name)) return fetchCommit(checkout, name, call)
      throw new DeployError(
        'ref_not_found',
        `Cannot deploy ${name}: the remote of ${checkout.path} has no branch or tag of that name`,
        {
          hint: 'Give a full ref, a branch, a tag or a full SHA',
        },
      )
    },

    async defaultBranch(checkout, call) {
      const listed = await list(checkout, ['HEAD'], call)
      const branch = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(listed)?.[1]
      if (branch !== undefined) return branch
      throw new DeployError(
        'ref_not_found',
        `Cannot tell which branch ${checkout.path} follows: its remote names no default`,
        {
          hint: 'Set `branch` of the app',
        },
      )
    },
  }
}

/** The configured URL, else origin, once it is sure that no password would show in the process list. */
async function remoteOf({ path, url }: Checkout, read: ReadGit, call?: Call): Promise<string> {
  if (url !== undefined) return assertSafeUrl(url)
  const origin = (await read(path, ['config', '--get', 'remote.origin.url'], call)).trim()
  if (origin !== '') {
    assertSafeUrl(origin)
    return 'origin'
  }
  throw new DeployError('checkout_invalid', `Cannot fetch into ${path}: it has no remote called origin`, {
    hint: `Run git -C ${path} remote add origin URL, or set \`url\` of the app`,
  })
}
