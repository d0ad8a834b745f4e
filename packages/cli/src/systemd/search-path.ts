import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '@fairway/core'

/** What systemd gives a service; docker of a snap, for example, lies elsewhere. */
const usual = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** The PATH that a service needs to find git and docker where they are found now; nothing where systemd's own will do. */
export function searchPath(
  { PATH = '' }: Environment,
  isThere: (path: string) => boolean = existsSync,
): { readonly PATH?: string } {
  const folders = PATH.split(':').filter((folder) => folder.startsWith('/'))
  const needed = ['git', 'docker'].flatMap((program) => {
    const found = [...usual, ...folders].find((folder) => isThere(join(folder, program)))
    return found === undefined || usual.includes(found) ? [] : [found]
  })
  return needed.length === 0 ? {} : { PATH: [...new Set([...usual, ...needed])].join(':') }
}
