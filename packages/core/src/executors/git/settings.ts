import { resolve } from 'node:path'
import type { Call } from '../../run.ts'
import { isPlain } from './directories.ts'
import { isOurs } from './is-ours.ts'
import { question } from './memory.ts'
import type { ReadGit } from './reads.ts'
import { settingsFiles, stampOf } from './settings-files.ts'

/** Git's configuration as pairs of key and value, the ones that win last. Section and name are in lower case. */
export type Settings = readonly (readonly [key: string, value: string])[]

const known = question<Settings>('settings')

/** Configurations by the checkouts that they count in, and what tells that their files are still the same. */
type Kept = Map<string, { readonly stamp: string; readonly settings: Settings }>

/** Of each git of this process, which has its own environment. */
const kept = new WeakMap<ReadGit, Kept>()

/** The configuration that counts in a checkout, as it is now; what is asked later in this run can recall it. */
export async function readSettings(path: string, read: ReadGit, call?: Call): Promise<Settings> {
  return known.learn(await readUnlessKept(path, read, call), call, path)
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

/** The output of `config -z --list`. */
export function parseSettings(listed: string): Settings {
  return listed
    .split('\0')
    .filter((entry) => entry !== '')
    .map(parseSetting)
}

/** Reads what no read before of this process can answer: git's own files are looked at each time, git is asked where one changed. */
async function readUnlessKept(path: string, read: ReadGit, call?: Call): Promise<Settings> {
  const files = read.environment && settingsFiles(path, read.environment)
  const stamp = files && (await isPlain(path)) && (await isOurs(path)) ? await stampOf(files) : undefined
  const before = kept.get(read)?.get(path)
  if (stamp !== undefined && before?.stamp === stamp) return before.settings
  const listed = await read(path, ['config', '-z', '--show-origin', '--list'], call)
  const { settings, origins } = parseListed(listed)
  const isWhole = [...origins].every((origin) => isOf(origin, path, files)) && !settings.some(isElsewhere)
  if (files && isWhole && stamp !== undefined && (await stampOf(files)) === stamp) {
    const all: Kept = kept.get(read) ?? new Map()
    kept.set(read, all.set(path, { stamp, settings }))
  } else kept.get(read)?.delete(path)
  return settings
}

/** What makes git read other files, or not always the same ones. */
function isElsewhere([key]: Settings[number]): boolean {
  return /^include(if)?\.|^extensions\./.test(key)
}

/** Whether a setting stands in one of the files, or is Fairway's own. */
function isOf(origin: string, path: string, files: readonly string[] = []): boolean {
  if (origin === 'command line:') return true
  return origin.startsWith('file:') && files.includes(resolve(path, origin.slice('file:'.length)))
}

/** The output of `config -z --show-origin --list`: before each setting where it stands. */
function parseListed(listed: string): { readonly settings: Settings; readonly origins: ReadonlySet<string> } {
  const fields = listed.split('\0').slice(0, -1)
  return {
    settings: fields.filter((_, i) => i % 2 === 1).map(parseSetting),
    origins: new Set(fields.filter((_, i) => i % 2 === 0)),
  }
}

/** A key, a newline, the value; a key alone means true. */
function parseSetting(entry: string): Settings[number] {
  const end = entry.indexOf('\n')
  return end === -1 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)]
}
