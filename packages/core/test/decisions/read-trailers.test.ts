import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTrailers } from '../../src/decisions/read-trailers.ts'

/** What git itself finds. */
function asGit(message: string): readonly { readonly key: string; readonly value: string }[] {
  const options = ['interpret-trailers', '--parse', '--no-divider']
  const { stdout } = spawnSync('git', options, {
    input: `${message}\n`,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', HOME: '/nowhere' },
  })
  return stdout.split('\n').flatMap((line) => {
    const [, key, value = ''] = /^([^:]+):(.*)$/.exec(line) ?? []
    return key === undefined ? [] : [{ key: key.toLowerCase(), value: value.trim() }]
  })
}

const found: readonly (readonly [message: string, trailers: readonly string[]])[] = [
  ['Fix\n\nDeploy: skip', ['deploy skip']],
  ['Fix\n\nWhy.\n\nDEPLOY:skip\nReviewed-by: Ada\n', ['deploy skip', 'reviewed-by Ada']],
  ['Fix\n\nDeploy : skip  \n\n \n', ['deploy skip']],
  ['Fix\r\n\r\nDeploy: skip\r\n', ['deploy skip']],
  ['Fix\n\nDeploy: rebuild=api,\n  web\n', ['deploy rebuild=api, web']],
  ['Fix\n\nDeploy: skip\nis what it says', []],
  ['Fix\n\nDeploy: skip\n\nWhy.', []],
  ['Deploy: skip', []],
  ['Deploy: skip\nReviewed-by: Ada', []],
  ['Fix\n\n Deploy: skip', []],
  ['Fix\n\nDe ploy: skip', []],
  ['Fix\n\nSome words\nSigned-off-by: Ada <a@x>\nDeploy: skip', ['signed-off-by Ada <a@x>', 'deploy skip']],
  ['Fix\n\na\nb\nc\nd\nSigned-off-by: Ada', []],
  ['Fix\n\n(cherry picked from commit 1234)\nDeploy: skip', ['deploy skip']],
  ['', []],
]

test.each(found)('%j', (message, trailers) => {
  expect(readTrailers(message).map(({ key, value }) => `${key} ${value}`)).toEqual(trailers)
  expect(asGit(message).map(({ key, value }) => `${key} ${value}`)).toEqual(trailers)
})

test('random messages: the same that git finds', { timeout: 60_000 }, () => {
  const line = fc.constantFrom(
    'Deploy: skip',
    'deploy:rebuild=api',
    'Words of a sentence',
    '  indented',
    '',
    ' ',
    'Signed-off-by: Ada',
    '(cherry picked from commit 1234)',
    'http://example.com',
    '-: x',
  )
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 9 }), (lines) => {
      // Git strips what is empty before the subject from a message when it is made.
      const message = ['Subject', ...lines].join('\n')
      expect(readTrailers(message)).toEqual(asGit(message))
    }),
    { numRuns: 300, seed: 7 },
  )
})
