import type { App, Git, Logger } from '@fairway/core'

/**
 * The apps with the branch each follows: the configured one, else the one that is checked out.
 * That is read at start and kept; one that isn't known yet (no checkout, detached) is asked for again.
 */
export function followBranches(apps: readonly App[], git: Git, log: Logger): () => Promise<readonly App[]> {
  const known = new Map<string, string>()

  const follow = async (app: App): Promise<App> => {
    const branch = app.branch ?? known.get(app.name) ?? (await checkedOut(app))
    if (branch === undefined) return app
    known.set(app.name, branch)
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

  const all = (): Promise<readonly App[]> => Promise.all(apps.map(follow))
  // Errors are logged where they happen; the first delivery needn't wait for what can be known before it.
  void all()
  return all
}
