import { dirname, join, relative, sep } from 'node:path'
import type { App } from '../domain/app.ts'
import { DeployError } from '../errors.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Call } from '../run.ts'
import { cleanText } from '../text.ts'

/**
 * Refuses paths of the checkout that lead out of it by a symbolic link that the repository brings (`path_outside_checkout`).
 * A link that git doesn't track is the operator's own, such as `.env` to where secrets are kept, and may lead anywhere.
 */
export async function refuseLinks(
  app: App,
  paths: readonly string[],
  { git, files }: { readonly git: Git; readonly files: Files },
  call?: Call,
): Promise<void> {
  const root = await files.realPath(app.path)
  const readLink = rememberLinks(files)
  const found = await Promise.all(
    [...new Set(paths)].map(async (path) => {
      const inside = below(app.path, path) ?? below(root, path)
      return { inside, link: inside === undefined ? undefined : await leavingLink(root, inside, readLink) }
    }),
  )
  for (const { inside, link } of found) {
    if (link === undefined || !(await git.isTracked(app.path, link, call))) continue
    const through = link === inside ? '' : ` (it stands in the way to ${cleanText(inside ?? '')})`
    throw new DeployError(
      'path_outside_checkout',
      `Cannot deploy ${app.name}: ${cleanText(link)} is a symlink leading outside the checkout${through}`,
      {
        hint: 'Nothing was read from it. Put the file itself into the repository; a link of your own must not be tracked by git',
      },
    )
  }
}

/** Most paths have their first folders in common, which are looked at once. */
function rememberLinks(files: Files): Files['readLink'] {
  const known = new Map<string, Promise<string | undefined>>()
  return (path) => {
    const before = known.get(path)
    if (before) return before
    const asked = files.readLink(path)
    known.set(path, asked)
    return asked
  }
}

/** As many as Linux follows. */
const maxLinks = 40

/** The link inside `root` by which a path (relative to it) ends outside, itself relative; undefined where it ends inside. */
async function leavingLink(
  root: string,
  inside: string,
  readLink: Files['readLink'],
): Promise<string | undefined> {
  let current = root
  let last: string | undefined
  const left = inside.split(sep)
  for (let links = 0; links <= maxLinks;) {
    const name = left.shift()
    if (name === undefined) return below(root, current) === undefined ? last : undefined
    const next = name === '..' ? dirname(current) : join(current, name)
    const target = name === '..' || name === '.' || name === '' ? undefined : await readLink(next)
    if (target === undefined) {
      current = next
      continue
    }
    links += 1
    last = below(root, next) ?? last
    left.unshift(...target.split(sep))
    if (target.startsWith(sep)) current = sep
  }
  // Nobody can read through that many links.
  return undefined
}

/** A path relative to a folder, empty for the folder itself; undefined where it lies outside. */
function below(folder: string, path: string): string | undefined {
  const inside = relative(folder, path)
  return inside === '..' || inside.startsWith(`..${sep}`) ? undefined : inside
}
