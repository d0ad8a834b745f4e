import { parse } from 'dotenv'

/** What an env file says, for keys that are ours: only Compose knows what it makes of the others. */
export function parseEnv(text: string): Readonly<Record<string, string>> {
  // Empty lines, which say nothing, would take dotenv's expression time by their number squared.
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).filter((line) => line.trim() !== '')
  return parse(lines.join('\n'))
}
