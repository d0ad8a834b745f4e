import { isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { Clock } from '../clock.ts'
import type { Checkout } from '../git.ts'
import { systemClock } from '../system-clock.ts'
import type { RunGit } from './command.ts'
import { openRemote } from './open-remote.ts'
import type { ReadGit } from './reads.ts'

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
  readonly clock?: Clock
}

interface Ref {
  readonly ref: string
  readonly id: string
}

/**
 * Does a fetch, and once more where refs of Fairway's own made git give up: a clone made anew may have kept them
 * without what they name. The commits last deployed are fetched, one by one; refs that nothing can be found for go.
 */
export async function mendingRefs<T>(
  checkout: Checkout,
  tools: Tools,
  fetch: () => Promise<T>,
  call?: Call,
): Promise<T> {
  try {
    return await fetch()
  } catch (error) {
    if (!isDeployError(error, 'git_failed') || !/bad object refs\/fairway\//.test(error.message)) throw error
    await mend(checkout, tools, call)
    return fetch()
  }
}

async function mend(checkout: Checkout, tools: Tools, call?: Call): Promise<void> {
  const { path } = checkout
  const broken = await listBroken(path, tools, call)
  const input = broken.map(({ ref }) => `delete ${ref}\n`).join('')
  const doing = `Cannot remove refs of ${path} that name nothing`
  await tools.run({ path, args: ['update-ref', '--stdin'], input, doing }, call)
  for (const ref of broken) {
    const isFetched =
      ref.ref.startsWith('refs/fairway/deployed/') && (await fetchAlone(checkout, ref, tools, call))
    if (!isFetched) call?.output?.(`${ref.ref} named ${ref.id}, which is no longer there: removed`)
  }
}

async function listBroken(path: string, { run, read }: Tools, call?: Call): Promise<readonly Ref[]> {
  const listed = await read(path, ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/fairway'], call)
  const refs = listed.split('\n').flatMap((line) => {
    const [id, ref] = line.split(' ')
    return id && ref ? [{ id, ref }] : []
  })
  const input = refs.map(({ id }) => `${id}\n`).join('')
  const doing = `Cannot look at the refs of ${path}`
  const { stdout } = await run({ path, args: ['cat-file', '--batch-check'], input, doing }, call)
  return refs.filter(({ id }) => stdout.includes(`${id} missing\n`))
}

/** Fetches one commit for a ref; false where the remote hasn't got it either, or doesn't give it. */
async function fetchAlone(
  checkout: Checkout,
  { ref, id }: Ref,
  { run, read, clock = systemClock() }: Tools,
  call?: Call,
): Promise<boolean> {
  const { path } = checkout
  const shallow = (await read(path, ['rev-parse', '--is-shallow-repository'], call)).trim() === 'true'
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules']
  // In a whole clone a depth would cut the history off at this commit.
  const args = ['fetch', ...options, ...(shallow ? ['--depth=1'] : [])]
  try {
    const remote = await openRemote(checkout, { run, read, clock }, call)
    await remote.ask({ args, refs: [`${id}:${ref}`], doing: `Cannot fetch ${id} into ${path}` })
    return true
  } catch (error) {
    if (isDeployError(error, 'git_failed') || isDeployError(error, 'ref_not_found')) return false
    throw error
  }
}
