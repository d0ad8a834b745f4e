import { cleanText } from '@fairway/core/basics'

/** Where a value stands: keys, and indices in lists. */
export type KeyPath = readonly (string | number)[]

/** Something wrong at a place, before the place is put into words. */
export interface Finding {
  readonly at: KeyPath
  readonly message: string
}

/** `apps.shop.compose.files[0]`; a key that would blur the path stands in brackets. */
export function showPath(at: KeyPath): string {
  return at.map((key, index) => showKey(key, index === 0)).join('')
}

function showKey(key: string | number, first: boolean): string {
  if (typeof key === 'number') return `[${key}]`
  if (/^[\w-]+$/.test(key)) return first ? key : `.${key}`
  return `[${cleanText(JSON.stringify(key))}]`
}

/** Whether a place fits a pattern, in which `*` stands for any key. */
export function fits(at: KeyPath, pattern: KeyPath): boolean {
  return at.length === pattern.length && pattern.every((key, index) => key === '*' || key === at[index])
}
