export type Level = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'

/** What one log call says. */
export interface Entry {
  readonly time: Date
  readonly level: Level
  readonly message: string
  /** For `json` only. */
  readonly fields?: Readonly<Record<string, unknown>>
}

/** Makes text from outside harmless and masks secrets in it. */
export type Clean = (text: string) => string

/** A line as Python's logging writes it; further lines of the message are indented, so that none can pose as an entry. */
export function formatText({ time, level, message }: Entry, clean: Clean): string {
  const [first = '', ...more] = clean(message).trimEnd().split('\n')
  return [`${localTime(time)} - ${level} - ${first}`, ...more.map((line) => `    ${line}`)].join('\n')
}

/** A line that a command printed, told from what Fairway says by the bar. */
export function formatOutput(
  { time, line }: { readonly time: Date; readonly line: string },
  clean: Clean,
): string {
  return `${localTime(time)} | ${clean(line).replaceAll('\n', ' ')}`
}

/** One object on one line. */
export function formatJson({ time, level, message, fields = {} }: Entry, clean: Clean): string {
  const own = { time: time.toISOString(), level, message }
  // Spread twice: `own` decides the order of the keys, and no field may replace it.
  const entry = { ...own, ...fields, ...own }
  const line = JSON.stringify(entry)
  // Most lines need nothing. What would, shows in the whole as well: a secret is known in the spelling that JSON gives it, too.
  if (!line.includes('\\') && clean(line) === line) return line
  const cleaned = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? clean(value) : value
  return JSON.stringify(entry, cleaned)
}

function localTime(time: Date): string {
  const date = [time.getFullYear(), pad(time.getMonth() + 1), pad(time.getDate())].join('-')
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => pad(part)).join(':')
  return `${date} ${clock},${pad(time.getMilliseconds(), 3)}`
}

function pad(part: number, digits = 2): string {
  return String(part).padStart(digits, '0')
}
