import { expect, test } from 'vitest'
import { readYaml } from '../../src/decisions/read-yaml.ts'
import { aliasBomb } from '../support/alias-bomb.ts'

const read = (text: string, maxNodes = 1_000): unknown => readYaml(text, maxNodes)

test('gives what stands there, as text, and each document of several', () => {
  expect(read('a: 1\nb: [yes, "x"]\n---\nc: { d: }\n')).toEqual({
    nodes: 12,
    documents: [{ a: '1', b: ['yes', 'x'] }, { c: { d: '' } }],
  })
  expect(read('')).toEqual({ documents: [], nodes: 0 })
})

test('an alias is the last anchor of its name before it, and what is merged is there unless it is said again', () => {
  const text = `
x-one: &base { image: a, env_file: secret.env }
web: { <<: *base, image: b }
both: { <<: [{ image: c }, *base] }
x-two: &base { image: d }
api: *base
`
  expect(read(text)).toMatchObject({
    documents: [
      {
        web: { image: 'b', env_file: 'secret.env' },
        both: { image: 'c', env_file: 'secret.env' },
        api: { image: 'd' },
      },
    ],
  })
})

test('a key called __proto__ is a key, also by a merge', () => {
  const { documents } = read('a: { __proto__: { evil: 1 } }\nb: { <<: { __proto__: { evil: 1 } } }') as {
    documents: readonly [Record<string, Record<string, unknown>>]
  }
  for (const name of ['a', 'b']) {
    expect(Object.keys(documents[0][name] ?? {})).toEqual(['__proto__'])
    expect(documents[0][name]?.['evil']).toBeUndefined()
  }
})

test('counts what an alias stands for each time, so much that it refuses it before it is there', () => {
  // 1 map, 2 names, 1 list of 2, and twice more the list with its items.
  const text = 'a: &a [x, y]\nb: [*a, *a]'
  expect(read(text, 17)).toHaveProperty('documents')
  expect(read(text, 13)).toEqual({ refused: 'too many nodes' })
  expect(read('a: &a { k: v }\n' + 'b: { <<: *a }\n'.repeat(100), 500)).toEqual({ refused: 'too many nodes' })
})

test('S18: a few hundred bytes of aliases are refused at once', () => {
  const text = aliasBomb(7)
  expect(text.length).toBeLessThan(400)
  const began = process.cpuUsage()
  expect(read(text, 100_000)).toEqual({ refused: 'too many nodes' })
  expect(millisecondsOfWork(began)).toBeLessThan(500)
})

test('S18: an alias in its own anchor is refused', () => {
  expect(read('a: &a [*a]')).toEqual({ refused: 'a circle of aliases' })
  expect(read('a: &a { <<: *a }')).toEqual({ refused: 'a circle of aliases' })
})

test.each(['a: [', 'a: *none', '}', 'a: b: c', '"', '\t- x', '- a\nb', '{a: &x}: ]'])(
  '%j is no YAML',
  (text) => {
    expect(read(text)).toEqual({ refused: 'no YAML' })
  },
)

const size = 200_000
const long: readonly (readonly [string, string])[] = [
  ['lists in lists', '['.repeat(size)],
  ['blocks in blocks', '- '.repeat(size)],
  ['a list', `[${'a,'.repeat(size)}]`],
  ['keys', Array.from({ length: size / 4 }, (_, index) => `k${index}: v\n`).join('')],
  ['anchors', Array.from({ length: size / 4 }, (_, index) => `- &a${index} x\n`).join('')],
  ['documents', '---\na\n'.repeat(size / 4)],
  ['what is not opened', '}'.repeat(size)],
  ['commas', `[${','.repeat(size)}`],
  ['tags', '!a '.repeat(size)],
  ['empty lines', '\n'.repeat(size)],
]
test.each(long)('S18: %s by the thousand take no longer than they are long', (_name, text) => {
  const began = process.cpuUsage()
  expect(read(text, 10_000)).toHaveProperty('refused')
  expect(millisecondsOfWork(began)).toBeLessThan(2_000)
})

/** Of this process, however much else the machine does meanwhile. */
function millisecondsOfWork(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1_000
}
