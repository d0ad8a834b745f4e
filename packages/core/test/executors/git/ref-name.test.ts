import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { assertRefName, isFullSha, isRefName } from '../../../src/executors/git/ref-name.ts'
import { runCommand } from '../../../src/executors/process.ts'

// Most of them are in an advisory, or were run by git as they stand (reliability.md, S1 and S11).
const optionShaped = [
  '-',
  '--',
  '-u',
  '-vu',
  '-uevil',
  '-c',
  '-ccore.sshCommand=evil',
  '-q',
  '-f',
  '-n',
  '-o',
  '--end-of-options',
  '--upload-pack',
  '--upload-pack=evil',
  '--upload-pack=touch\u00a0P',
  '--upload-p=evil',
  '--upload=evil',
  '--u=evil',
  '--receive-pack=evil',
  '--receive-p=evil',
  '--exec=evil',
  '--exec-path=evil',
  '--config=protocol.ext.allow=always',
  '--config-env=x=y',
  '--template=evil',
  '--output=evil',
  '--no-index',
  '--all',
  '--mirror',
  '--help',
  '--version',
  '--git-dir=evil',
  '--work-tree=evil',
  '--separate-git-dir=evil',
  '--recurse-submodules',
  '--server-option=evil',
  '--refmap=evil',
  '--force',
  '--prune',
  '--detach',
]

test.each(optionShaped)('refuses what git may take for an option, alone and in a ref: %s', (option) => {
  for (const name of [option, `refs/heads/${option}`, `refs/tags/${option}`, `refs/${option}/main`]) {
    expect(isRefName(name)).toBe(false)
  }
})

const refused: readonly string[] = [
  '',
  '@',
  '/',
  '/main',
  'main/',
  'a//b',
  '.main',
  'a/.b',
  'main.',
  'a..b',
  'main.lock',
  'a.lock/b',
  'a b',
  'a\tb',
  'a\nb',
  'a\0b',
  'a\u007fb',
  'a~1',
  'a^',
  'a:b',
  'a?',
  'a*',
  'a[b]',
  'a\\b',
  'a@{1}',
  'refs/heads/main:refs/heads/x',
  '+refs/heads/main:refs/heads/x',
  'a'.repeat(256),
  'touch P;x',
]
test.each(refused)('refuses %j', (name) => {
  expect(isRefName(name)).toBe(false)
})

const allowed = [
  'main',
  'HEAD',
  'refs/heads/main',
  'refs/tags/v1.0.0',
  'refs/heads/release/1.x',
  'a-b',
  'a--upload-pack',
  'a./b',
  'a.b',
  'a@b',
  'refs/heads/@',
  'main.locked',
  "it's",
  '$(touch)',
  '`x`',
  'a;b|c&d',
  '#1',
  '+x',
  'fix/über-東京-🚀',
  '1'.repeat(40),
  'a'.repeat(255),
]
test.each(allowed)('allows %j', (name) => {
  expect(isRefName(name)).toBe(true)
})

test('allows nothing that git refuses, and refuses nothing else but what is option-shaped or endless', async () => {
  // Pieces that git has rules about, so that most names come near one of them.
  const piece = fc.oneof(
    fc.constantFrom(
      '.',
      '..',
      '/',
      '//',
      '/.',
      '/-',
      '-',
      '@',
      '@{',
      '{',
      '.lock',
      '.lock/',
      'refs/heads/',
      ' ',
      '~',
      '^',
      ':',
      '?',
      '*',
      '[',
      ']',
      '\\',
      '\u007f',
      '\u001f',
      '\u0001',
      '\n',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
    fc.constantFrom('a', 'b', 'main', 'é', '東', '🚀'),
  )
  const name = fc
    .array(piece, { maxLength: 6 })
    .map((pieces) => pieces.join(''))
    .filter((text) => !text.includes('\0'))
  await fc.assert(
    fc.asyncProperty(name, async (text) => {
      const optionLike = text.startsWith('-') || text.includes('/-')
      expect(isRefName(text)).toBe(!optionLike && (await gitAllows(text)))
    }),
    { numRuns: 500 },
  )
})

test('tells what it refuses, and what would do', () => {
  expect(() => assertRefName('refs/heads/main')).not.toThrow()
  expect(() => assertRefName('--upload-pack=touch P')).toThrow(
    expect.objectContaining({
      code: 'ref_not_found',
      message: 'Cannot deploy "--upload-pack=touch P": it is not a valid name of a ref',
      hint: 'Give a full ref, a branch, a tag or a full SHA',
    }),
  )
  expect(() => assertRefName(`a\n${'b'.repeat(1_000)}`)).toThrow(/^Cannot deploy "a\\nb{98}": it is not/)
})

test('a full SHA has 40 or 64 lower-case digits', () => {
  const digits = [39, 40, 41, 63, 64, 65].map((length) => [length, isFullSha('a'.repeat(length))])
  expect(Object.fromEntries(digits)).toEqual({
    39: false,
    40: true,
    41: false,
    63: false,
    64: true,
    65: false,
  })
  for (const text of ['', 'A'.repeat(40), 'g'.repeat(40), `${'a'.repeat(40)}\n`, `-${'a'.repeat(39)}`]) {
    expect(isFullSha(text)).toBe(false)
  }
})

/** What git itself says (git-check-ref-format(1)). */
async function gitAllows(name: string): Promise<boolean> {
  // Behind a prefix, as it would take some names for options; `@` alone is the one name that this makes legal.
  const args =
    name === '@' ? ['check-ref-format', '--allow-onelevel', name] : ['check-ref-format', `refs/heads/${name}`]
  const { exitCode } = await runCommand({
    command: 'git',
    args,
    environment: { PATH: process.env['PATH'] ?? '' },
  })
  return exitCode === 0
}
