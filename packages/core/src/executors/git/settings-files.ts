import { lstat, stat } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import type { Environment } from '../environment.ts'

/** The files that git reads its configuration from (git-config(1)), unless they include others. */
export function settingsFiles(
  path: string,
  { HOME, XDG_CONFIG_HOME, PATH = '' }: Environment,
): readonly string[] {
  const folders = PATH.split(delimiter).filter((folder) => folder !== '')
  const own = XDG_CONFIG_HOME || (HOME === undefined ? undefined : join(HOME, '.config'))
  const files = [
    join(path, '.git', 'config'),
    ...(HOME === undefined ? [] : [join(HOME, '.gitconfig')]),
    ...(own === undefined ? [] : [join(own, 'git', 'config')]),
    '/etc/gitconfig',
    // The machine's own, where git was not installed into /usr.
    ...folders.map((folder) => join(dirname(folder), 'etc', 'gitconfig')),
  ]
  return [...new Set(files)]
}

/** Milliseconds after a change in which another one might keep all times of a file. */
const restless = 2_000

/** What tells whether any of the files has changed, or came, or went; undefined where one changed just now. */
export async function stampOf(
  files: readonly string[],
  now: number = Date.now(),
): Promise<string | undefined> {
  const stamps = await Promise.all(files.map((file) => stampOfOne(file, now)))
  return stamps.includes(undefined) ? undefined : stamps.join('\n')
}

async function stampOfOne(file: string, now: number): Promise<string | undefined> {
  try {
    // A link may lead elsewhere tomorrow.
    const [own, target] = await Promise.all([lstat(file, { bigint: true }), stat(file, { bigint: true })])
    const changed = Math.max(Number(own.ctimeMs), Number(target.ctimeMs))
    if (changed > now - restless) return undefined
    return [own, target]
      .flatMap(({ dev, ino, size, uid, mtimeNs, ctimeNs }) => [dev, ino, size, uid, mtimeNs, ctimeNs])
      .join(':')
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '') ? 'none' : undefined
  }
}
