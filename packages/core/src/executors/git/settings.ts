import type { Call } from '../../run.ts'
import { question } from './memory.ts'
import type { ReadGit } from './reads.ts'

/** Git's configuration as pairs of key and value, the ones that win last. Section and name are in lower case. */
export type Settings = readonly (readonly [key: string, value: string])[]

const known = question<Settings>('settings')

/** The configuration that counts in a checkout, read anew; what is asked later in this run can recall it. */
export async function readSettings(path: string, read: ReadGit, call?: Call): Promise<Settings> {
  return known.learn(parseSettings(await read(path, ['config', '-z', '--list'], call)), call, path)
}

/** The configuration as it was read before in this run; undefined where it wasn't. */
export function recallSettings(path: string, call?: Call): Settings | undefined {
  return known.recall(call, path)
}

/** All values of a key. */
export function valuesOf(settings: Settings, key: string): readonly string[] {
  return settings.filter(([name]) => name === key).map(([, value]) => value)
}

/** Names of the configured filters. */
export function filterNames(keys: readonly string[]): readonly string[] {
  const filters = keys.filter((key) => /^filter\..*\./s.test(key))
  return [...new Set(filters.map((key) => key.slice('filter.'.length, key.lastIndexOf('.'))))]
}

/** The output of `config -z --list`: the key, a newline, the value; a key alone means true. */
export function parseSettings(listed: string): Settings {
  return listed
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const end = entry.indexOf('\n')
      return end === -1 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)]
    })
}
