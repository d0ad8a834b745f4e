import type { App } from '../domain/app.ts'
import type { Push } from '../domain/push.ts'

export interface ResolveAppsInput {
  readonly push: Push
  readonly deleted: boolean
  readonly apps: readonly App[]
  /** Repositories never deployed, by bare or full name. */
  readonly ignore: readonly string[]
  readonly signedBy: readonly string[]
}

/** The apps that a push concerns, or why there are none. */
export type ResolvedApps =
  | { readonly apps: readonly App[] }
  | {
      readonly because: 'ignored' | 'unknown repository' | 'not followed' | 'not its secret'
      readonly reason: string
    }

/** Which apps follow this repository and ref and accept who signed. */
export function resolveApps({ push, deleted, apps, ignore, signedBy }: ResolveAppsInput): ResolvedApps {
  if (ignore.some((name) => sameRepository(name, push.repository))) {
    return { because: 'ignored', reason: `repository ${push.repository} is ignored` }
  }
  const known = apps.filter(({ repository }) => sameRepository(repository, push.repository))
  if (known.length === 0) {
    return { because: 'unknown repository', reason: `unknown repository ${push.repository}` }
  }
  if (known.length > 1 && !push.repository.includes('/')) {
    const reason = `the payload names no owner, and ${known.length} apps follow a repository called ${push.repository}`
    return { because: 'not followed', reason }
  }
  if (deleted) return { because: 'not followed', reason: `${push.ref} was deleted` }
  const following = known.filter((app) => followsRef(app, push.ref))
  if (following.length === 0) {
    const follows = known.map(({ name, branch }) => `${name} follows ${branch ?? 'a branch'}`).join(', ')
    return { because: 'not followed', reason: `${follows}, not ${push.ref}` }
  }
  const accepting = following.filter((app) => acceptsSecret(app, signedBy))
  if (accepting.length > 0) return { apps: accepting }
  const names = following.map(({ name }) => name).join(', ')
  return { because: 'not its secret', reason: `${names}: not signed with a secret of this app` }
}

/** Compares `owner/name` without case; where one of the two is a bare name, names alone are compared. */
function sameRepository(one: string, other: string): boolean {
  const [a, b] = [lowerCase(one), lowerCase(other)]
  return a.includes('/') && b.includes('/') ? a === b : bareName(a) === bareName(b)
}

/** Of ASCII letters alone, as names have no others: elsewhere two different letters may become the same one. */
function lowerCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** `name` of `owner/name`. */
export function bareName(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1)
}

/** Where the branch isn't known yet, every branch passes: gitPull asks again. */
function followsRef({ branch }: App, ref: string): boolean {
  return branch === undefined ? ref.startsWith('refs/heads/') : ref === `refs/heads/${branch}`
}

/** An app with secrets of its own takes only those; any other takes every global one, and unsigned where that is allowed. */
function acceptsSecret({ webhookSecretIds: own }: App, signedBy: readonly string[]): boolean {
  if (own.length > 0) return own.some((id) => signedBy.includes(id))
  return signedBy.length === 0 || signedBy.some((id) => !id.startsWith('apps.'))
}
