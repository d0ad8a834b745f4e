import { lstat, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether a checkout is this very user's, wherever a link leads; of another user's git itself says whether it may be used. */
export async function isOurs(path: string): Promise<boolean> {
  try {
    const [top, git] = await Promise.all([stat(path), lstat(join(path, '.git'))])
    return [top, git].every(({ uid }) => uid === process.geteuid?.())
  } catch {
    return false
  }
}
