import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { judgeSecret } from '../../src/doctor/judge-secret.ts'

test.each([
  ['aaaaaaaaaaaaaaaa', 'repeats itself'],
  ['abcabcabcabcabcabc', 'repeats itself'],
  ['hunter2hunter2hunter2', 'repeats itself'],
  ['1234567890123456', 'runs such as 1234'],
  ['abcdefghijklmnop', 'runs such as 1234'],
  ['aaaabbbbaaaaccccb', 'too few different characters'],
  ['changeme-changeme-please', 'words that everybody tries'],
  ['your-webhook-secret', 'words that everybody tries'],
  ['My_GitHub_Webhook_Secret_123', 'words that everybody tries'],
  ['SuperSecretPassword1', 'words that everybody tries'],
])('%s %s', (secret, why) => {
  expect(judgeSecret(secret)).toContain(why)
})

test.each([
  'a secret of more than sixteen characters',
  'correct horse battery staple',
  'Tr0ub4dor&3-x9!kQ',
  'd41d8cd98f00b204e9800998ecf8427e',
])('%s is hard to guess', (secret) => {
  expect(judgeSecret(secret)).toBeUndefined()
})

test('what secret new makes is never refused', () => {
  const made = Array.from({ length: 500 }, (_, index) =>
    createHash('sha256').update(`${index}`).digest('hex'),
  )
  expect(made.filter((secret) => judgeSecret(secret) !== undefined)).toEqual([])
})

test('a long one is judged at once', () => {
  const before = performance.now()
  judgeSecret('ab'.repeat(5_000) + 'c')
  expect(performance.now() - before).toBeLessThan(1_000)
})
