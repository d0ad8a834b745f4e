import type { App, Git, Logger } from '@fairway/core'

/**
 * Gives apps the branch each follows: the configured one, else the one that is checked out.
 * That is read once and kept for as long as the app and its path stay; one that isn't known yet (no checkout, detached)
 * is asked for again.
 */
export function followBranches(git: Git, log: Logger): (apps: readonly App[]) => Promise<readonly App[]> {
  let known = new Map<string, string>()

  const follow = async (app: App): Promise<App> => {
    const branch = app.branch ?? known.get(place(app)) ?? (await checkedOut(app))
    if (branch === undefined) return app
    if (app.branch === undefined) known.set(place(app), branch)
    return { ...app, branch }
  }

  const checkedOut = async ({ name, path }: App): Promise<string | undefined> => {
    try {
      const head = await git.head(path)
      return head?.commit === undefined ? undefined : head.branch
    } catch (error) {
      log.warn(`Cannot tell which branch ${name} follows: ${String(error)}`)
      return undefined
    }
  }

  /** The last answer, where no branch is left to be asked for: each delivery asks for the same. */
  let answered: { readonly apps: readonly App[]; readonly followed: readonly App[] } | undefined

  return async (apps) => {
    if (answered?.apps === apps) return answered.followed
    const places = new Set(apps.map(place))
    known = new Map([...known].filter(([key]) => places.has(key)))
    const followed = await Promise.all(apps.map(follow))
    if (followed.every(({ branch }) => branch !== undefined)) answered = { apps, followed }
    return followed
  }
}

function place({ name, path }: App): string {
  return `${name}\0${path}`
}
