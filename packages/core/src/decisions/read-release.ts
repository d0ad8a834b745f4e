import type { HeldContent, Holds, Release } from '../domain/release.ts'
import { isFields } from '../fields.ts'

/** A release as it was written; undefined where the text is none, or one of a newer Fairway that this one can't read. */
export function readRelease(text: string): Release | undefined {
  const value = parse(text)
  if (!isFields(value) || !isFields(value['services']) || !isFields(value['plan'])) return undefined
  const isText = (key: string): boolean => typeof value[key] === 'string'
  return ['id', 'commit', 'ref', 'at', 'project'].every(isText) ? (value as unknown as Release) : undefined
}

/** Holds as they were written; none where the text is none. */
export function readHolds(text: string): Holds {
  const value = parse(text)
  if (!isFields(value) || !Array.isArray(value['content'])) return { content: [] }
  const { app, content } = value
  return {
    ...(isFields(app) && typeof app['by'] === 'string'
      ? { app: app as unknown as NonNullable<Holds['app']> }
      : {}),
    content: readHeld(content),
  }
}

/** Held content as it was written. */
export function readHeld(value: unknown): readonly HeldContent[] {
  if (!Array.isArray(value)) return []
  return value.filter(
    (held: unknown) => isFields(held) && typeof held['service'] === 'string',
  ) as HeldContent[]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A damaged object: no release is better than a wrong one.
    return undefined
  }
}
