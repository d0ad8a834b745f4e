import { cleanText } from '../text.ts'
import { nearest } from './nearest.ts'

/** What to tell of services that a commit's message asks to have built and that the configuration does not have. */
export function unknownRebuilds(
  asked: 'all' | readonly string[] | undefined,
  known: readonly string[],
): readonly string[] {
  if (asked === undefined || asked === 'all') return []
  return asked
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearest(name, known)
      const meant = near === undefined ? '' : ` (did you mean ${near}?)`
      return cleanText(`A commit asks for a rebuild of ${name}, which is not a service here${meant}`, 500)
    })
}
