import type { Random } from './random.ts'

/** Values that break careless readers. */
const odd: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  1e308,
  -1.5e-300,
  Number('12345678901234567890'),
  '',
  ' ',
  '\0',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '--upload-pack=touch x',
  '$(touch x)',
  '`touch x`',
  "'; touch x; '",
  'ext::sh -c touch',
  'refs/heads/main',
  'refs/heads/--force',
  'refs/heads/../../x',
  'acme/shop',
  'evil/shop',
  '\u202eevil',
  '\u001b[2J\n2026-01-31 12:00:00,000 - INFO - forged',
  '\ud800',
  '0'.repeat(40),
  '1'.repeat(40),
  'x'.repeat(2_000),
  [],
  {},
  [[[]]],
]

/** Any JSON value, mostly small. */
export function anyJson(random: Random, depth = 4): unknown {
  if (depth === 0 || random.chance(0.5))
    return random.chance(0.7) ? random.pick(odd) : random.text(random.below(30))
  const size = random.below(5)
  if (random.chance(0.5)) return Array.from({ length: size }, () => anyJson(random, depth - 1))
  const keys = Array.from({ length: size }, () =>
    random.chance(0.5)
      ? random.pick(['ref', 'repository', 'name', '__proto__', 'constructor', 'length'])
      : random.text(3),
  )
  return Object.fromEntries(keys.map((key) => [key, anyJson(random, depth - 1)]))
}

/** A copy with one value somewhere in it replaced, taken away or moved. */
export function mutateJson(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.2)) return anyJson(random)
  const entries = Object.entries(value)
  if (entries.length === 0 || random.chance(0.1)) return { ...value, [random.text(3)]: anyJson(random) }
  const [key] = random.pick(entries)
  if (random.chance(0.15)) return Object.fromEntries(entries.filter(([name]) => name !== key))
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, name === key ? mutateJson(inner, random) : inner]),
  )
}

const tokens = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\ud800',
  'null',
  'tru',
  '1e',
  '-',
  '01',
  '.5',
  '1E999',
  '\t',
  '\n',
  '/*',
  '\ufeff',
  '\0',
]

/** JSON text with tokens put in, taken away or doubled. */
export function mutateText(text: string, random: Random): string {
  let mutated = text
  for (let i = random.below(4); i >= 0; i -= 1) {
    const at = random.below(mutated.length + 1)
    const until = random.chance(0.5) ? at : at + random.below(10)
    mutated = mutated.slice(0, at) + (random.chance(0.7) ? random.pick(tokens) : '') + mutated.slice(until)
  }
  return mutated
}
