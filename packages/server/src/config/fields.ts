import { z } from 'zod'
import type { Rule } from './rules.ts'

/** A text that isn't empty and holds no control characters, and that a rule may refuse. */
export function text(rule: Rule = () => undefined): z.ZodString {
  return anyText().check((ctx) => {
    const message = ctx.value === '' ? 'must not be empty' : (controlRule(ctx.value) ?? rule(ctx.value))
    if (message !== undefined) ctx.issues.push({ code: 'custom', input: ctx.value, message })
  })
}

/** Any text, also an empty one. */
export function anyText(): z.ZodString {
  return z.string({
    error: ({ input }) => (isScalar(input) ? 'must be text: put it in quotes' : expected('text', input)),
  })
}

const controlRule: Rule = (value) =>
  /\p{Cc}/u.test(value) ? 'must not have control characters in it' : undefined

/** A whole number; also as text, which is what a variable gives. */
export function whole({
  min,
  max = Number.MAX_SAFE_INTEGER,
}: {
  min: number
  max?: number
}): Field<number, number | string> {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  const message = `must be a whole number ${range}`
  return z
    .union([z.number(), z.string()], { error: ({ input }) => (input === undefined ? missing : message) })
    .transform((value, ctx) => {
      const number = typeof value === 'string' && /^\d{1,16}$/.test(value.trim()) ? Number(value) : value
      if (typeof number === 'number' && Number.isSafeInteger(number) && number >= min && number <= max)
        return number
      ctx.addIssue(message)
      return z.NEVER
    })
    .meta({ title: `whole number ${range}` })
}

/** true or false; also as text. */
export function flag(): Field<boolean, boolean | string> {
  const message = 'must be true or false'
  return z
    .union([z.boolean(), z.string()], { error: ({ input }) => (input === undefined ? missing : message) })
    .transform((value, ctx) => {
      const word = String(value).trim().toLowerCase()
      if (word === 'true' || word === 'false') return word === 'true'
      ctx.addIssue(message)
      return z.NEVER
    })
    .meta({ title: 'true or false' })
}

/** `500ms`, `30s`, `2m`, `1h`, `30d` in milliseconds. */
export function duration({ min = 1, max = longest }: { min?: number; max?: number } = {}): Field<
  number,
  string | number
> {
  return z
    .union([z.string(), z.number()], {
      error: ({ input }) => expected('a duration such as 30s, 2m or 1h', input),
    })
    .transform((value, ctx) => {
      const milliseconds = toMilliseconds(String(value).trim())
      if (milliseconds >= min && milliseconds <= max) return milliseconds
      ctx.addIssue(complain(milliseconds, value, max))
      return z.NEVER
    })
    .meta({ title: durationTitle })
}

/** How long something is kept; no timer runs for it, so it may be years. */
export function age(): Field<number, string | number> {
  return duration({ max: 36_500 * day })
}

/** The same, or null for never. */
export function ageOrNull(): Field<number | null, string | number | null> {
  return age()
    .nullable()
    .meta({ title: `${durationTitle} or \`null\`` })
}

/** How JSON Schema calls a duration; `showDuration` writes its defaults. */
export const durationTitle = 'duration'

/** Milliseconds as one would write them: `90s`, `2m`, `1500ms`. */
export function showDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0'
  // A day is 24h, as people write it.
  if (milliseconds % day === 0 && milliseconds > day) return `${milliseconds / day}d`
  if (milliseconds % 3_600_000 === 0) return `${milliseconds / 3_600_000}h`
  // A minute is 60s, as people write it.
  if (milliseconds % 60_000 === 0 && milliseconds > 60_000) return `${milliseconds / 60_000}m`
  return milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`
}

/** NaN where it is no duration; 0 needs no unit. */
function toMilliseconds(value: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/.exec(value) ?? []
  return value === '0' ? 0 : Math.round(Number(amount) * (units[unit] ?? Number.NaN))
}

const day = 86_400_000
const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: day }

/** Timers of JavaScript end at once when they are given more. */
const longest = 2_147_483_647

function complain(milliseconds: number, value: string | number, max: number): string {
  if (milliseconds > max) return `must be at most ${max === longest ? '596h' : showDuration(max)}`
  if (milliseconds === 0) return 'must be more than 0'
  const needsUnit = /^\d+(\.\d+)?$/.test(String(value).trim())
  return `must be a duration such as 30s, 2m or 1h${needsUnit ? ': the unit is missing' : ''}`
}

/** `500MB`, `2GB`, `1.5GiB` in bytes. */
export function size(): Field<number, string | number> {
  const message = 'must be a size such as 500MB or 2GB'
  return z
    .union([z.string(), z.number()], { error: ({ input }) => expected('a size such as 500MB or 2GB', input) })
    .transform((value, ctx) => {
      const written = String(value).trim()
      const bytes = toBytes(written)
      if (Number.isSafeInteger(bytes)) return bytes
      ctx.addIssue(/^\d+(\.\d+)?$/.test(written) ? `${message}: the unit is missing` : message)
      return z.NEVER
    })
    .meta({ title: sizeTitle })
}

/** How JSON Schema calls a size; `showBytes` writes its defaults. */
export const sizeTitle = 'size'

/** Bytes as one would write them: `2GB`, `1.5GiB`; 0 needs no unit. */
export function showBytes(bytes: number): string {
  const [unit] =
    Object.entries(sizes).findLast(([, each]) => bytes >= each && (bytes / each) % 0.5 === 0) ?? []
  return bytes === 0 ? '0' : unit === undefined ? `${bytes}B` : `${bytes / (sizes[unit] ?? 1)}${unit}`
}

/** NaN where it is no size. */
function toBytes(value: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?) ?(\w+)$/.exec(value) ?? []
  return value === '0' ? 0 : Math.round(Number(amount) * (sizes[unit] ?? Number.NaN))
}

const sizes: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KiB: 1024,
  MB: 1e6,
  MiB: 1024 ** 2,
  GB: 1e9,
  GiB: 1024 ** 3,
  TB: 1e12,
  TiB: 1024 ** 4,
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
): z.ZodEnum<z.core.util.ToEnum<Words[number]>> {
  return z.enum(words, {
    error: ({ input }) => (input === undefined ? missing : `must be one of ${words.join(', ')}`),
  })
}

export function list<Item extends z.ZodType>(item: Item): z.ZodArray<Item> {
  return z.array(item, { error: ({ input }) => expected('a list', input) })
}

/** A section of named keys; a key that isn't known is a mistake. */
export function section<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: ({ input }) => expected(`a section with ${Object.keys(shape).join(', ')}`, input),
  })
}

export function expected(what: string, input: unknown): string {
  return input === undefined ? missing : `must be ${what}`
}

const missing = 'is missing'

type Field<Output, Input> = z.ZodType<Output, Input>

function isScalar(input: unknown): boolean {
  return typeof input === 'number' || typeof input === 'boolean'
}
