import { type App, type Environment, runCommand } from '@fairway/core'

/** Where an app is fetched from: its `url`, else the origin of its checkout; undefined where there is neither. */
export async function remoteOf({ path, url }: App, { PATH, HOME }: Environment): Promise<string | undefined> {
  if (url !== undefined) return url
  try {
    const { stdout } = await runCommand({
      command: 'git',
      args: ['-c', 'core.fsmonitor=false', 'config', '--get', 'remote.origin.url'],
      directory: path,
      environment: { PATH, HOME },
      timeout: 10_000,
    })
    return stdout.trim() || undefined
  } catch {
    // No checkout, or no git: the checks of those tell.
    return undefined
  }
}
