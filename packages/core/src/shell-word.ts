import { cleanText } from './text.ts'

/** A path or name in a command that somebody copies into a shell. */
export function shellWord(text: string): string {
  const shown = cleanText(text, Infinity)
  return /^[\w/.,:@=+-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", String.raw`'\''`)}'`
}
