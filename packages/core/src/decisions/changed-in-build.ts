import { isAbsolute, join, relative } from 'node:path'
import type { Build } from '../domain/project.ts'

const most = 5

/** Which of the changed files a build reads, as sentences; `path` is the checkout, files are relative to it. */
export function changedInBuild(build: Build, path: string, changed: readonly string[]): readonly string[] {
  const context = placeOf(path, build.context)
  const where = context === '' ? '.' : context
  const sentences = changed
    .filter((file) => readsFile(build, path, file))
    .map((file) =>
      context !== undefined && isBelow(file, context)
        ? `${file} changed in build context ${where}`
        : `${file} changed, which the build reads beside its context`,
    )
  return atMost(sentences, 'more changed that the build reads')
}

/** The first five sentences, and how many more there are. */
export function atMost(sentences: readonly string[], more: string): readonly string[] {
  if (sentences.length <= most) return sentences
  return [...sentences.slice(0, most), `${sentences.length - most} ${more}`]
}

/** Whether a build reads this file: in its context or an additional one, as its Dockerfile or as that one's own ignore file. */
export function readsFile(
  { context, dockerfile, additionalContexts }: Pick<Build, 'context' | 'dockerfile' | 'additionalContexts'>,
  path: string,
  file: string,
): boolean {
  const folders = [context, ...additionalContexts].map((folder) => placeOf(path, folder))
  const own =
    dockerfile === undefined
      ? undefined
      : placeOf(path, isAbsolute(dockerfile) ? dockerfile : join(context, dockerfile))
  return (
    (own !== undefined && [own, `${own}.dockerignore`].includes(file)) ||
    folders.some((folder) => folder !== undefined && isBelow(file, folder))
  )
}

export function isBelow(file: string, folder: string): boolean {
  return folder === '' || file === folder || file.startsWith(`${folder}/`)
}

/** A path relative to the checkout; undefined where it lies outside, or is no path at all. */
export function placeOf(path: string, absolute: string): string | undefined {
  if (!isAbsolute(absolute)) return undefined
  const inside = relative(path, absolute)
  return inside === '..' || inside.startsWith('../') || isAbsolute(inside) ? undefined : inside
}
