import { readFile } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import type { Environment } from '../environment.ts'
import { type Settings, valuesOf } from './settings.ts'

interface Attributed {
  readonly path: string
  /** The `.gitattributes` of the checkout that count. */
  readonly tracked: readonly string[]
  readonly settings: Settings
  readonly environment: Environment
}

/** Whether attributes may name a filter for some file: of the checkout, of its user or of the machine (gitattributes(5)). */
export async function mayNameFilters({ path, tracked, settings, environment }: Attributed): Promise<boolean> {
  const own = valuesOf(settings, 'core.attributesfile').at(-1) ?? defaultFile(environment)
  // Git would make something of a `~` or a relative path.
  if (own !== undefined && !isAbsolute(own)) return true
  const files = [
    ...tracked.map((file) => join(path, file)),
    join(path, '.git', 'info', 'attributes'),
    ...(own === undefined ? [] : [own]),
    '/etc/gitattributes',
    ...besidePrograms(environment),
  ]
  return (await Promise.all(files.map(mentionsFilter))).includes(true)
}

function defaultFile({ XDG_CONFIG_HOME, HOME }: Environment): string | undefined {
  if (XDG_CONFIG_HOME !== undefined && XDG_CONFIG_HOME !== '') {
    return join(XDG_CONFIG_HOME, 'git', 'attributes')
  }
  return HOME === undefined ? undefined : join(HOME, '.config', 'git', 'attributes')
}

/** The machine's own file, where git was not installed into /usr. */
function besidePrograms({ PATH = '' }: Environment): readonly string[] {
  const folders = PATH.split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(dirname(folder), 'etc', 'gitattributes'))
}

/** A macro that brings a filter says so too. */
async function mentionsFilter(file: string): Promise<boolean> {
  try {
    return (await readFile(file, 'latin1')).includes('filter')
  } catch (error) {
    // What can't be read is left to git.
    return !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
}
