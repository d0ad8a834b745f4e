import type { SchemaNode } from '../../packages/server/src/config/json-schema.ts'

/** What may be written there: text, list of text, duration, one of some words. */
export function typeInWords({ title, type, items, enum: words }: SchemaNode): string {
  if (title !== undefined) return title
  if (words) return `one of ${words.map((word) => `\`${word}\``).join(', ')}`
  const types = [type ?? 'string'].flat()
  if (types.includes('array')) return `list of ${items ? typeInWords(items) : 'text'}`
  return types.includes('null') ? 'text or `null`' : 'text'
}
