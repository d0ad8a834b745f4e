import { expect, test } from 'vitest'
import { placeUnset, readUnset } from '../../src/decisions/unset-variables.ts'

const warning = (name: string): string =>
  `time="2026-01-31T12:00:00Z" level=warning msg="The \\"${name}\\" variable is not set. Defaulting to a blank string."`

test('F23: reads each variable once, in alphabetical order, and leaves the rest', () => {
  const other = 'time="2026-01-31T12:00:00Z" level=warning msg="compose.yaml: `version` is obsolete"'
  expect(readUnset([warning('TAG'), other, warning('A_1'), warning('TAG'), ''].join('\n'))).toEqual({
    unset: ['A_1', 'TAG'],
    rest: [other],
  })
  // As on a terminal, without logfmt around it.
  expect(readUnset('WARN[0000] The "TAG" variable is not set. Defaulting to a blank string. ')).toEqual({
    unset: ['TAG'],
    rest: [],
  })
  expect(readUnset('')).toEqual({ unset: [], rest: [] })
})

const rows: readonly (readonly [string, boolean])[] = [
  ['image: x:$TAG', true],
  ['image: x:${TAG}', true],
  ['image: x:${TAG:+-}', true],
  ['image: x:${OTHER:-${TAG}}', true],
  ['image: x:$TAGGED-${TAG}', true],
  ['image: x:$TAGGED', false],
  ['image: x:TAG', false],
]
test.each(rows)(
  'S21: %j asks for TAG: %s; what nobody asks for may be half a password, and is not named',
  (text, asked) => {
    expect(placeUnset(['TAG'], ['services: {}', text])).toEqual({
      names: asked ? ['TAG'] : [],
      inEnvFile: !asked,
    })
  },
)
