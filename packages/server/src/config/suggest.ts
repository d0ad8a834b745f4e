import { z } from 'zod'
import { type KeyPath, showPath } from './key-path.ts'

/** What a mistyped or misplaced key was probably meant to be, as ` (did you mean ...?)`; empty where nothing is near. */
export function suggest(at: KeyPath, schema: z.ZodType): string {
  const key = String(at.at(-1))
  const known = keyPaths(schema)
  const siblings = known.filter((path) => isSibling(path, at)).map((path) => path.at(-1) ?? '')
  const near = nearest(key, siblings)
  if (near !== undefined) return ` (did you mean ${near}?)`
  const elsewhere = known.find((path) => path.at(-1) === key && path.at(-1) !== '*')
  return elsewhere ? ` (did you mean ${showPath(fill(elsewhere, at))}?)` : ''
}

/** The one of some names that a mistyped one was probably meant to be. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  return known
    .map((candidate) => ({ candidate, steps: distance(candidate.toLowerCase(), name.toLowerCase()) }))
    .filter(({ candidate, steps }) => steps <= (candidate.length < 4 ? 1 : Math.max(2, candidate.length / 3)))
    .toSorted((a, b) => a.steps - b.steps)[0]?.candidate
}

/** Every key of a schema, such as `['apps', '*', 'timeouts', 'git']`. */
function keyPaths(schema: unknown, at: string[] = []): string[][] {
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([key, inner]) => {
      const path = at.concat(key)
      return [path].concat(keyPaths(inner, path))
    })
  }
  if (schema instanceof z.ZodRecord) return keyPaths(schema.valueType, [...at, '*'])
  const isWrapper =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodExactOptional
  return isWrapper ? keyPaths(schema.unwrap(), at) : []
}

function isSibling(path: readonly string[], at: KeyPath): boolean {
  return (
    path.length === at.length && path.slice(0, -1).every((part, index) => part === '*' || part === at[index])
  )
}

/** The app of the mistake stands for "any app"; elsewhere a placeholder does. */
function fill(path: readonly string[], at: KeyPath): KeyPath {
  return path.map((part, index) =>
    part === '*' ? (at[0] === 'apps' ? (at[index] ?? 'NAME') : 'NAME') : part,
  )
}

/** Levenshtein's: how many letters to add, drop or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [i, letter] of one.split('').entries()) {
    const next = [i + 1]
    for (const [j, otherLetter] of other.split('').entries()) {
      const replaced = (row[j] ?? 0) + (letter === otherLetter ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
