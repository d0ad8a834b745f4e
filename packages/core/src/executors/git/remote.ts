import { DeployError, isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { Clock } from '../clock.ts'
import type { Checkout, Git, Tip } from '../git.ts'
import { systemClock } from '../system-clock.ts'
import type { RunGit } from './command.ts'
import { findCommit } from './describe.ts'
import { readHead } from './head.ts'
import { openRemote, type Remote } from './open-remote.ts'
import { commitOf, type ReadGit } from './reads.ts'
import { assertRefName, isFullSha } from './ref-name.ts'
import { removeStaleLocks } from './stale-locks.ts'

/** Where a ref that is no branch is fetched to, so that nothing collects it before it is checked out. */
const fetched = 'refs/fairway/fetched'

/** What talks to the remote, each within one deadline. Text from a push never gets here: refs come from the operator. */
export function gitRemote(
  run: RunGit,
  read: ReadGit,
  clock: Clock = systemClock(),
): Pick<Git, 'defaultBranch' | 'fetch' | 'fetchNamed' | 'tip'> {
  const open = async (checkout: Checkout, call?: Call): Promise<Opened> => {
    const remote = await openRemote(checkout, { run, read, clock }, call)
    return { ...remote, path: checkout.path, aside: checkout.aside ?? false, call }
  }

  const fetchRefspecs = async (
    { ask, path, aside, call }: Opened,
    what: string,
    refspecs: readonly string[],
  ): Promise<void> => {
    await removeStaleLocks(path, read, call)
    const args = [
      'fetch',
      '--no-tags',
      '--no-recurse-submodules',
      // Without a refmap git would move what it tracks of the named remote, too.
      ...(aside ? ['--refmap='] : ['--no-write-fetch-head']),
    ]
    // Where it would go to is left out then: FETCH_HEAD alone names it.
    const refs = aside ? refspecs.map((refspec) => refspec.replace(/^\+|:.*$/g, '')) : refspecs
    await ask({ args, refs, live: true, doing: `Cannot fetch ${what} into ${path}` })
  }

  const fetchRef = async (remote: Opened, ref: string): Promise<Tip> => {
    const into = ref.startsWith('refs/heads/')
      ? `refs/remotes/origin/${ref.slice('refs/heads/'.length)}`
      : fetched
    await fetchRefspecs(remote, ref, [`+${ref}:${into}`])
    return { ref, commit: await existing(remote, remote.aside ? 'FETCH_HEAD' : into) }
  }

  const existing = async ({ path, call }: Opened, name: string): Promise<string> => {
    const commit = await findCommit(path, name, read, call)
    if (commit !== undefined) return commit
    throw new DeployError('ref_not_found', `Cannot deploy ${name} of ${path}: it is not a commit`)
  }

  /** A host may refuse to send a bare commit; then every branch and tag is fetched, and it must be in one of them. */
  const fetchCommit = async (remote: Opened, commit: string): Promise<Tip> => {
    if ((await commitOf(read, remote.path, commit, remote.call)) === undefined) {
      try {
        await fetchRefspecs(remote, commit, [`+${commit}:${fetched}`])
      } catch (error) {
        if (!isDeployError(error, 'git_failed') && !isDeployError(error, 'ref_not_found')) throw error
        await fetchEverything(remote)
      }
    }
    return { ref: commit, commit: await existing(remote, commit) }
  }

  const fetchEverything = async (remote: Opened): Promise<void> => {
    const what = 'all branches and tags'
    if (!remote.aside) {
      return fetchRefspecs(remote, what, ['+refs/heads/*:refs/remotes/origin/*', 'refs/tags/*:refs/tags/*'])
    }
    // A pattern needs a place to go to; what it would name doesn't.
    const lines = (await list(remote, ['refs/heads/*', 'refs/tags/*'])).split('\n')
    const ids = new Set(lines.map((line) => line.split('\t')[0] ?? '').filter(isFullSha))
    for (const some of inBatches([...ids])) await fetchRefspecs(remote, what, some)
  }

  const list = ({ ask, path }: Opened, refs: readonly string[]): Promise<string> =>
    ask({ args: ['ls-remote', '--symref'], refs, doing: `Cannot list the refs of the remote of ${path}` })

  return {
    async fetch(checkout, ref, call) {
      assertRefName(ref)
      return fetchRef(await open(checkout, call), ref)
    },

    async fetchNamed(checkout, name, call) {
      assertRefName(name)
      const remote = await open(checkout, call)
      if (name.startsWith('refs/')) return fetchRef(remote, name)
      const candidates = [`refs/heads/${name}`, `refs/tags/${name}`]
      const listed = (await list(remote, candidates)).split('\n').map((line) => line.split('\t')[1])
      const ref = candidates.find((candidate) => listed.includes(candidate))
      if (ref !== undefined) return fetchRef(remote, ref)
      if (isFullSha(name)) return fetchCommit(remote, name)
      throw new DeployError(
        'ref_not_found',
        `Cannot deploy ${name}: the remote of ${checkout.path} has no branch or tag of that name`,
        {
          hint: 'Give a full ref, a branch, a tag or a full SHA',
        },
      )
    },

    async defaultBranch(checkout, call) {
      const listed = await list(await open(checkout, call), ['HEAD'])
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

    async tip(checkout, ref, call) {
      assertRefName(ref)
      const { path, url } = checkout
      const isThere = (await readHead(path, read, call)) !== undefined
      if (!isThere && url === undefined) throw noCheckout(path, ref)
      const { ask } = await open(isThere ? checkout : { ...checkout, path: '/' }, call)
      // A tag that is an object of its own is listed once more as the commit that it stands for.
      const [peeled, refs] = [`${ref}^{}`, [ref, `${ref}^{}`]]
      const listed = await ask({ args: ['ls-remote'], refs, doing: `Cannot ask for ${ref} of ${path}` })
      // Also listed are refs that only end like this one.
      const found = new Map(
        listed.split('\n').map((line) => line.split('\t').toReversed() as [string, string]),
      )
      const commit = found.get(peeled) ?? found.get(ref)
      return commit === undefined ? undefined : { ref, commit }
    },
  }
}

/** As many as fit into one command line. */
function inBatches(ids: readonly string[]): readonly (readonly string[])[] {
  return ids.flatMap((_, at) => (at % 1_000 === 0 ? [ids.slice(at, at + 1_000)] : []))
}

function noCheckout(path: string, ref: string): DeployError {
  return new DeployError(
    'checkout_missing',
    `Cannot ask for ${ref} of ${path}: it is not the top folder of a git checkout`,
    { hint: 'Clone the repository there, or set `url` of the app' },
  )
}

interface Opened extends Remote {
  readonly path: string
  readonly aside: boolean
  readonly call: Call | undefined
}
