import type { App } from '../domain/app.ts'
import { type Fields, isFields } from '../fields.ts'
import { matchesEverything, pathMatcher } from './match-paths.ts'
import { readDirective } from './read-directives.ts'

/**
 * Whether a push will probably be skipped for an app, by the commits that its payload lists. What the list can't tell for sure, such as
 * which commits an earlier deployment lacks, it doesn't say: the checkout decides later.
 */
export function likelySkips(payload: unknown, { paths }: Pick<App, 'paths'>): boolean {
  const commits = newestFirst(payload)
  for (const { message } of commits) {
    const directive = typeof message === 'string' ? readDirective(message) : undefined
    if (directive) return directive.does === 'skip'
  }
  if (commits.length === 0 || matchesEverything(paths)) return false
  const files = commits.flatMap(({ added, modified, removed }) => [added, modified, removed].flat())
  return files.length > 0 && files.every(isText) && !files.some(pathMatcher(paths))
}

/** GitHub lists the oldest first, others the newest: that is where the push's own `after` stands. */
function newestFirst(payload: unknown): readonly Fields[] {
  if (!isFields(payload)) return []
  const { commits, after } = payload
  if (!Array.isArray(commits) || !commits.every(isFields)) return []
  if (commits[0]?.['id'] === after) return commits
  return commits.at(-1)?.['id'] === after ? commits.toReversed() : []
}

function isText(file: unknown): file is string {
  return typeof file === 'string'
}
