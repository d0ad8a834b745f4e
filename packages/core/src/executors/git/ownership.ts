import { shellWord } from '../../shell-word.ts'
import { lstat, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { DeployError } from '../../errors.ts'

/** Git refuses a checkout that isn't the user's own, as its configuration could run programs; undefined for other failures. */
export async function ownershipError(path: string, stderr: string): Promise<DeployError | undefined> {
  const named = /(?:dubious ownership in repository at|unsafe repository \() ?'(.+?)'/.exec(stderr)?.[1]
  if (named === undefined || !(await isSamePlace(named, path))) return undefined
  return foreignCheckout(path)
}

/** What to tell of a checkout of another user, and the command that makes it one's own. */
export async function foreignCheckout(path: string): Promise<DeployError> {
  const me = process.geteuid?.() ?? 0
  const [place, owner] = await findForeign(path, me)
  const [whose, own] = [await userName(owner), await userName(me)]
  const called = whose === undefined ? `uid ${owner}` : `user ${whose} (uid ${owner})`
  return new DeployError(
    'checkout_invalid',
    `Cannot use ${path}: ${place} belongs to ${called}, and Fairway runs as ${own ?? `uid ${me}`}: git refuses it`,
    { hint: `Run sudo chown -R ${own ?? me} ${shellWord(path)}, or run Fairway as the user it belongs to` },
  )
}

async function isSamePlace(named: string, path: string): Promise<boolean> {
  const [one, other] = await Promise.all([named, path].map((place) => realpath(place).catch(() => place)))
  return one === other || one === `${other}/.git`
}

/** The part of the checkout that is another's, and its uid; git looks at these two. */
async function findForeign(path: string, me: number): Promise<readonly [string, number]> {
  const top = (await lstat(path)).uid
  if (top !== me) return ['it', top]
  // In a folder that may not be entered there is only the folder to tell of.
  const git = await lstat(join(path, '.git')).then(
    ({ uid }) => uid,
    () => me,
  )
  return git === me ? ['a part of it', git] : ['its .git', git]
}

async function userName(uid: number): Promise<string | undefined> {
  // Where there is no such file, the number has to do.
  const listed = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return listed
    .split('\n')
    .map((line) => line.split(':'))
    .find(([, , id]) => id === `${uid}`)?.[0]
}
