import type { CommitMessage } from '../executors/git.ts'
import { cleanText } from '../text.ts'
import { pathMatcher } from './match-paths.ts'
import { newestDirective, newestRebuild } from './read-directives.ts'

export interface SkipInput {
  /** The app's globs. */
  readonly paths: readonly string[]
  /** What the commits say that this push brought, newest first. */
  readonly own: readonly CommitMessage[]
  /** What all commits say that are to be deployed now and were not yet, newest first. */
  readonly since: readonly CommitMessage[]
  /** Files that changed since the base, up to this push; undefined where they don't count. */
  readonly changed: readonly string[] | undefined
}

export type SkipDecision =
  | { readonly skip: true; readonly because: string }
  | {
      readonly skip: false
      /** What a commit asks to have built, and which one, in words. */
      readonly rebuild?: { readonly services: 'all' | readonly string[]; readonly because: string }
    }

/**
 * Whether a push is skipped, and why; where it isn't, what its commits ask to have built. A skip is for the push that brings it alone,
 * as the commit lies below all later ones; a rebuild is asked for until a deployment succeeds.
 */
export function decideSkip({ paths, own, since, changed }: SkipInput): SkipDecision {
  const newest = newestDirective(own)
  if (newest?.does === 'skip') return { skip: true, because: said(newest) }
  const rebuild = newestRebuild(since)
  if (rebuild) return { skip: false, rebuild: { services: rebuild.services, because: said(rebuild) } }
  if (!changed || changed.length === 0 || changed.some(pathMatcher(paths))) return { skip: false }
  return { skip: true, because: `no changed file matches paths (${listed(changed)})` }
}

function said({ commit, says }: { readonly commit: string; readonly says: string }): string {
  return `${commit.slice(0, 7)} says ${says}`
}

const most = 5

function listed(files: readonly string[]): string {
  const named = files.slice(0, most).map((file) => cleanText(file, 100))
  return files.length > most ? `${named.join(', ')} and ${files.length - most} more` : named.join(', ')
}
