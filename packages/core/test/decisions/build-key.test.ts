import { expect, test } from 'vitest'
import { buildKeyOf, type KeyParts } from '../../src/decisions/build-key.ts'

const parts: KeyParts = {
  section: { context: '/srv/shop', target: 'web', args: { A: '1', B: '2' } },
  dockerfile: 'FROM busybox\n',
  ignoreFile: 'docs\n',
  context: {
    files: [
      ['a', '100644 1'],
      ['b', '100644 2'],
    ],
  },
  additional: { shared: { tree: '1', beside: [['x', '1']] }, base: { text: 'busybox' } },
  secrets: { token: 'sha256:1' },
  bases: { 'shop-base': 'sha256:1' },
}

test('is a digest that stays the same, on every machine and in whatever order a section is printed', () => {
  expect(buildKeyOf(parts)).toMatch(/^sha256:[0-9a-f]{64}$/)
  const same = {
    ...parts,
    section: { args: { B: '2', A: '1' }, target: 'web', context: '/home/shop', dockerfile: 'x' },
  }
  expect(buildKeyOf(same)).toBe(buildKeyOf(parts))
})

test.for<readonly [string, Partial<KeyParts>]>([
  ['the section', { section: { ...parts.section, target: 'api' } }],
  ['a part of the section that is new', { section: { ...parts.section, shm_size: '1' } }],
  ['the platform', { platform: 'linux/arm64' }],
  ['the Dockerfile', { dockerfile: 'FROM busybox:2\n' }],
  ['the ignore file', { ignoreFile: 'docs\n*.log\n' }],
  [
    'a file',
    {
      context: {
        files: [
          ['a', '100644 1'],
          ['b', '100644 3'],
        ],
      },
    },
  ],
  [
    'a mode',
    {
      context: {
        files: [
          ['a', '100755 1'],
          ['b', '100644 2'],
        ],
      },
    },
  ],
  [
    'a name',
    {
      context: {
        files: [
          ['a', '100644 1'],
          ['c', '100644 2'],
        ],
      },
    },
  ],
  [
    'where one name ends and the next begins',
    {
      context: {
        files: [
          ['a', '100644 1b'],
          ['', '100644 2'],
        ],
      },
    },
  ],
  ['what lies beside a tree', { context: { tree: '1', beside: [['a', '1']] } }],
  ['what is gone of a tree', { context: { tree: '1', beside: [['a']] } }],
  ['an additional context', { additional: { ...parts.additional, base: { text: 'alpine' } } }],
  ['its name', { additional: { other: { text: 'busybox' } } }],
  ['the key of one', { additional: { ...parts.additional, base: { key: 'busybox' } } }],
  ['a secret', { secrets: { token: 'sha256:2' } }],
  ['a base image', { bases: { 'shop-base': 'sha256:2' } }],
  ['the commit', { commit: 'f'.repeat(40) }],
])('changes with %s', ([, change]) => {
  const keys = [parts, { ...parts, ...change }, { ...parts, additional: {}, ...change }].map((one) =>
    buildKeyOf(one),
  )
  expect(keys[1]).not.toBe(keys[0])
})
