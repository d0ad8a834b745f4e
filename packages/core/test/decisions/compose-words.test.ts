import { expect, test } from 'vitest'
import { composeWords } from '../../src/decisions/compose-words.ts'

// What Compose 2.26.1 prints; `geheim` stands in the file.
const envFiles: readonly (readonly [said: string, kept: string])[] = [
  [
    'failed to read /srv/.env: line 4: unterminated quoted value "geheim x',
    'line 4: unterminated quoted value',
  ],
  [
    "failed to read /srv/.env: line 3: unterminated quoted value 'geheim",
    'line 3: unterminated quoted value',
  ],
  ['failed to read /srv/.env: line 2: key cannot contain a space', 'line 2: key cannot contain a space'],
  [
    'failed to read /srv/.env: line 1: unexpected character "%" in variable name "%A=geheim"',
    'line 1: unexpected character',
  ],
  [
    'failed to read /srv/.env: required variable X is missing a value: geheim',
    'required variable X is missing a value',
  ],
  ['failed to read /srv/.env: Invalid template: "geheim${X"', 'it cannot be read'],
  ['failed to read /srv/.env: line 7: something new about geheim', 'line 7: it cannot be read'],
]
test.each(envFiles)('S21: of %j only where and why', (said, kept) => {
  expect(composeWords(`${said}\n`)).toBe(`failed to read /srv/.env: ${kept}`)
  // Of a service's own env_file it does not even say which.
  const own = said.replace('failed to read /srv/.env: ', '')
  if (own.startsWith('line')) expect(composeWords(own)).toBe(kept)
})

test.each([
  ['', undefined],
  ['\n \n', undefined],
  [
    'invalid interpolation format for services.web.image.\nYou may need to escape any $ with another $.\n${X\n',
    'invalid interpolation format for services.web.image. You may need to escape any $ with another $. ${X',
  ],
  ['yaml: line 1: did not find expected node content\n', 'yaml: line 1: did not find expected node content'],
  ['time="x" level=warning msg="y"\nservices must be a mapping\n', 'services must be a mapping'],
])('of %j gives %j', (stderr, words) => {
  expect(composeWords(stderr)).toBe(words)
})
