import { expect, test } from 'vitest'
import { lostMounts } from '../../src/decisions/lost-mounts.ts'
import type { Release } from '../../src/domain/release.ts'

const mounts = { site: '1', 'one.txt': '1' }
const release = { services: { web: { mounts }, db: {} } } as unknown as Release
const web = (now?: Readonly<Record<string, string>>) => [
  { name: 'web', replicas: 1, ...(now ? { mounts: now } : {}) },
]

test.each<[string, ReturnType<typeof web>, readonly string[]]>([
  ['the same', web(mounts), []],
  ['others of the same names', web({ site: '2', 'one.txt': '2' }), []],
  ['one more', web({ ...mounts, more: '1' }), []],
  ['one less', web({ site: '1' }), ['web']],
  ['none', web(), ['web']],
  ['no such service', [], ['web']],
])('%s', (_, services, expected) => {
  expect(lostMounts(services, release)).toEqual(expected)
})
