import { nearest } from '@fairway/core/basics'
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
