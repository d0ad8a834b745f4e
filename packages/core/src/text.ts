/** Text from outside for a log line or a terminal: control and bidi characters shown escaped, length capped. */
export function cleanText(text: string, limit = 200): string {
  const escaped = text.replaceAll(unsafe, escape)
  // Cut through the middle of a character, its first half would be left alone.
  return escaped.length > limit ? `${escaped.slice(0, limit).replace(/\p{Cs}$/u, '')}…` : escaped
}

/** A list as Python prints it, as the seed's log lines have it: `['a', 'b']`. */
export function pythonList(items: readonly string[]): string {
  return `[${items.map(quote).join(', ')}]`
}

function quote(item: string): string {
  const mark = item.includes("'") && !item.includes('"') ? '"' : "'"
  const escaped = item.replaceAll('\\', '\\\\').replaceAll(unsafe, escape)
  return `${mark}${mark === "'" ? escaped.replaceAll("'", "\\'") : escaped}${mark}`
}

// C0, DEL, C1, line and paragraph separators, bidi controls, zero-width marks, lone surrogates.
const unsafe = /[\p{Cc}\u061c\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\p{Cs}/gu

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escape(character: string): string {
  const code = character.charCodeAt(0)
  return named[character] ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`)
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}
