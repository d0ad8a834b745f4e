import { dirname } from 'node:path/posix'
import { type IgnorePattern, readIgnorePatterns } from './docker-ignore-pattern.ts'

/** Which files Docker leaves out of a build context. Paths are relative to the context, with `/`. */
export interface DockerIgnore {
  /** False: a pattern is none that can be told for sure, and so nothing is taken for ignored. */
  readonly isCertain: boolean
  ignores(file: string): boolean
  /** Whether nothing below a folder can be sent: nobody needs to look into it. */
  ignoresAllOf(folder: string): boolean
}

/**
 * Where Docker looks for the ignore file of a build, the first that is there counts; the Dockerfile's path and the context's are
 * relative to the same folder, or both absolute.
 */
export function ignoreFilesOf(context: string, dockerfile: string | undefined): readonly string[] {
  const own = dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`]
  return [...own, context === '' ? '.dockerignore' : `${context}/.dockerignore`]
}

/** Reads an ignore file as BuildKit does (moby/patternmatcher, as fsutil's walk uses it). */
export function dockerIgnore(text: string): DockerIgnore {
  const patterns = readIgnorePatterns(text)
  if (!patterns) return { isCertain: false, ignores: () => false, ignoresAllOf: () => false }
  const folders = new Map<string, Judgement>()
  const ofFolder = (folder: string): Judgement | undefined => {
    if (folder === '.') return undefined
    const known = folders.get(folder) ?? judge(patterns, folder, ofFolder(dirname(folder)))
    folders.set(folder, known)
    return known
  }
  return {
    isCertain: true,
    ignores: (file) => judge(patterns, file, ofFolder(dirname(file))).isIgnored,
    ignoresAllOf: (folder) =>
      folder !== '' &&
      ofFolder(folder)?.isIgnored === true &&
      !patterns.some(
        ({ negated, exact }) => negated && (exact === undefined || exact.startsWith(`${folder}/`)),
      ),
  }
}

interface Judgement {
  readonly isIgnored: boolean
  /** Which patterns matched it or a folder above it, as far as they were asked. */
  readonly matched: readonly boolean[]
}

/** The last pattern that matches decides; one that couldn't change what those before it said isn't asked. */
function judge(patterns: readonly IgnorePattern[], path: string, parent: Judgement | undefined): Judgement {
  let isIgnored = false
  const matched = patterns.map((pattern, i) => {
    const does = parent?.matched[i] === true || (pattern.negated === isIgnored && pattern.matches(path))
    if (does) isIgnored = !pattern.negated
    return does
  })
  return { isIgnored, matched }
}
