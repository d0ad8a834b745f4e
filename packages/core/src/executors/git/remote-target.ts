import { DeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import { shellWord } from '../../shell-word.ts'
import type { Checkout } from '../git.ts'
import type { ReadGit } from './reads.ts'
import { readSettings, type Settings, valuesOf } from './settings.ts'
import { assertSafeUrl } from './url.ts'

/** What git is given as the remote, and the address that its configuration makes of it. */
export interface Target {
  readonly name: string
  readonly url: string
}

/** The configured URL, else origin. */
export async function findTarget({ path, url }: Checkout, read: ReadGit, call?: Call): Promise<Target> {
  if (url !== undefined) return resolveTarget(assertSafeUrl(url), path, read, call)
  const settings = await readSettings(path, read, call)
  const origin = valuesOf(settings, 'remote.origin.url').at(-1)?.trim() ?? ''
  if (origin !== '') {
    assertSafeUrl(origin)
    return resolve('origin', path, settings, read, call)
  }
  throw new DeployError('checkout_invalid', `Cannot fetch into ${path}: it has no remote called origin`, {
    hint: `Run git -C ${shellWord(path)} remote add origin URL, or set \`url\` of the app`,
  })
}

/** What git makes of the name of a remote or of an address. */
export async function resolveTarget(name: string, path: string, read: ReadGit, call?: Call): Promise<Target> {
  return resolve(name, path, await readSettings(path, read, call), read, call)
}

/** What `url.*.insteadOf` makes of it must be as safe as what was written. */
async function resolve(
  name: string,
  path: string,
  settings: Settings,
  read: ReadGit,
  call?: Call,
): Promise<Target> {
  const plain = plainAddress(name, settings)
  if (plain !== undefined) return { name, url: assertSafeUrl(plain) }
  const listed = await read(path, ['ls-remote', '--get-url', '--end-of-options', name], call)
  return { name, url: assertSafeUrl(listed.replace(/\n$/, '')) }
}

/** The address of a remote where no setting makes another one of it; what else does is left to git to understand. */
function plainAddress(name: string, settings: Settings): string | undefined {
  if (settings.some(([key]) => key.startsWith('url.'))) return undefined
  const own = settings.filter(([key]) => key.startsWith(`remote.${name}.`))
  const urls = valuesOf(own, `remote.${name}.url`)
  if (urls.length === 1) return urls[0] || undefined
  // The name of a remote holds no slash; one that is not configured may stand in the files of git's old ways.
  return own.length === 0 && name.includes('/') ? name : undefined
}
