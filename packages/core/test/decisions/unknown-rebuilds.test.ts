import { expect, test } from 'vitest'
import { unknownRebuilds } from '../../src/decisions/unknown-rebuilds.ts'

test('a service that is not there is named, with the one that was probably meant', () => {
  expect(unknownRebuilds(['web', 'webb', 'nosuch'], ['web', 'db'])).toEqual([
    'A commit asks for a rebuild of webb, which is not a service here (did you mean web?)',
    'A commit asks for a rebuild of nosuch, which is not a service here',
  ])
})

test.each([[undefined], ['all'], [['web']]] as const)('nothing is told of %j', (asked) => {
  expect(unknownRebuilds(asked, ['web'])).toEqual([])
})
