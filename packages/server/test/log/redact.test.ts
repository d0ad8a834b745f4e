import { expect, test } from 'vitest'
import { redact } from '../../src/log/redact.ts'

test.each([
  ['the secret is s3cret-value.', 'the secret is ***.'],
  ['s3cret-value and s3cret-value-2', '*** and ***'],
  ['a short one stays: abc', 'a short one stays: abc'],
  ['in a URL: ?t=p%26q%20r', 'in a URL: ?t=***'],
  ['in JSON: "say \\"so\\""', 'in JSON: "***"'],
  ['two\nlines', '***'],
  ['cleaned: two\\nlines', 'cleaned: ***'],
])('%j', (text, expected) => {
  const secrets = [
    's3cret-value',
    's3cret-value-2',
    'abc',
    'p&q r',
    'say "so"',
    'two\nlines',
    '',
    '\ud800xxx',
  ]
  expect(redact(text, secrets)).toBe(expected)
})

test.each([
  ['https://ada:pw@host/x', 'https://***@host/x'],
  ['https://:pw@host/x', 'https://***@host/x'],
  ['https://ada:p@w@host/x', 'https://***@host/x'],
  ['https://ada:p/w@host/x', 'https://***@host/x'],
  ["fatal: 'https://ada:pw@host/x': no", "fatal: 'https://***@host/x': no"],
  ['a://u:p@h b://u:p@h', 'a://***@h b://***@h'],
  ['ssh://git@host:22/x', 'ssh://git@host:22/x'],
  ['https://ada@host/x', 'https://ada@host/x'],
  ['http://localhost:8000/x', 'http://localhost:8000/x'],
  ['git@host:acme/x', 'git@host:acme/x'],
])('%s becomes %s', (text, expected) => {
  expect(redact(text, [])).toBe(expected)
})

test.each([
  `ghp_${'a1'.repeat(18)}`,
  `gho_${'a1'.repeat(18)}`,
  `ghs_${'a1'.repeat(18)}`,
  `github_pat_${'a1_'.repeat(20)}`,
  `glpat-${'a-1'.repeat(7)}`,
])('%s is masked wherever it stands', (token) => {
  expect(redact(`https://${token}@host/x`, [])).toBe('https://***@host/x')
  expect(redact(`token=${token}, again`, [])).toBe('token=***, again')
})

test('an Authorization header is masked', () => {
  expect(redact('> Authorization: Basic YWRhOnB3', [])).toBe('> Authorization: Basic ***')
})

test.each([
  ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
  ['a\rb', 'a\\rb'],
  ['a\tb', 'a\\tb'],
  ['a\u0000b\u007f\u009b', 'a\\x00b\\x7f\\x9b'],
  ['\u202egnp.exe', '\\u202egnp.exe'],
  ['a\u2028b', 'a\\u2028b'],
  ['a\r\nb\nc', 'a\nb\nc'],
  ['⚙️ 🚫 ✅ ünïcode', '⚙️ 🚫 ✅ ünïcode'],
])('%j is shown as %j', (text, expected) => {
  expect(redact(text, [])).toBe(expected)
})

test('long lines are kept whole, and hostile ones take no time', () => {
  expect(redact('x'.repeat(10_000), [])).toHaveLength(10_000)
  const start = performance.now()
  redact('://a:'.repeat(40_000), [])
  redact(`://${'a'.repeat(200_000)}`, [])
  redact('ghp_'.repeat(50_000), [])
  expect(performance.now() - start).toBeLessThan(5_000)
})
