import type { Call } from '../../run.ts'

/** A question about a folder whose answer holds for a whole run. */
export interface Question<T> {
  /** What the call's memory has of it, if anything. */
  readonly recall: (call: Call | undefined, path: string, of?: string) => T | undefined
  /** Puts the answer there, and gives it back. */
  readonly learn: (answer: T, call: Call | undefined, path: string, of?: string) => T
}

/** Told apart from other questions by its name. */
export function question<T>(name: string): Question<T> {
  const key = (path: string, of: string): string => [name, path, of].join('\0')
  return {
    // Nothing else writes under this name.
    recall: (call, path, of = '') => call?.memory?.get(key(path, of)) as T | undefined,
    learn(answer, call, path, of = '') {
      call?.memory?.set(key(path, of), answer)
      return answer
    },
  }
}
