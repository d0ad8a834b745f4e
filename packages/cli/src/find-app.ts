import { cleanText, nearest } from '@fairway/core/basics'
import type { Config } from '@fairway/server'
import { UsageError } from './exit-codes.ts'

/** The app of that name; where there is none, says which was probably meant. */
export function findApp(name: string, { apps }: Config): Config['apps'][number] {
  const app = apps.find((candidate) => candidate.name === name)
  if (app) return app
  throw unknownApp(
    name,
    apps.map((candidate) => candidate.name),
  )
}

export function unknownApp(name: string, known: readonly string[]): UsageError {
  const near = nearest(name, known)
  const meant = near === undefined ? '' : ` (did you mean ${near}?)`
  const there = known.length === 0 ? 'are none' : `is ${known.join(', ')}`
  return new UsageError(`There is no app ${cleanText(name)} in the configuration${meant}; there ${there}`)
}
