import { appDefaults } from '@fairway/core'
import { expect, test } from 'vitest'
import { showDuration } from '../../src/config/fields.ts'
import { configJsonSchema, type SchemaNode } from '../../src/config/json-schema.ts'

/** Every key with its node, names as `*`. */
function keys(node: SchemaNode, path: readonly string[] = []): readonly [string, SchemaNode][] {
  const { properties = {}, additionalProperties } = node
  const named = typeof additionalProperties === 'object' ? keys(additionalProperties, [...path, '*']) : []
  const inner = Object.entries(properties).flatMap(([key, child]): [string, SchemaNode][] => [
    [[...path, key].join('.'), child],
    ...keys(child, [...path, key]),
  ])
  return [...inner, ...named]
}

const known = new Map(keys(configJsonSchema()))

test('every key has a description that ends as a sentence', () => {
  const silent = [...known].filter(([, { description = '' }]) => !/^[A-Z].*\.$/s.test(description))
  expect(silent.map(([path]) => path)).toEqual([])
})

test('every key has a default, or an example, or is a section', () => {
  const bare = [...known].filter(
    ([, { default: value, examples, properties }]) => value === undefined && !examples && !properties,
  )
  expect(bare.map(([path]) => path)).toEqual(['apps'])
})

test("defaults of an app are core's, as one would write them", () => {
  const { rollout, timeouts, compose, rebuild } = appDefaults
  const { onFailure, keepReleases, ...times } = rollout
  const durations = Object.entries({ rollout: times, timeouts }).flatMap(([section, values]) =>
    Object.entries(values).map(([key, value]): [string, unknown] => [
      `apps.*.${section}.${key}`,
      showDuration(value),
    ]),
  )
  const counted = { rollout: { onFailure, keepReleases }, compose, rebuild }
  const others = Object.entries(counted).flatMap(([section, values]) =>
    Object.entries(values).map(([key, value]): [string, unknown] => [`apps.*.${section}.${key}`, value]),
  )
  const all = [...durations, ...others]
  expect(all.map(([path]) => [path, known.get(path)?.default])).toEqual(all)
})

test.each<[number, string]>([
  [0, '0'],
  [1_500, '1500ms'],
  [60_000, '60s'],
  [90_000, '90s'],
  [120_000, '2m'],
  [3_600_000, '1h'],
  [5_400_000, '90m'],
  [86_400_000, '24h'],
  [2_592_000_000, '30d'],
])('%i ms are written %s', (milliseconds, written) => {
  expect(showDuration(milliseconds)).toBe(written)
})

test('fields that take variables keep their default, too', () => {
  expect(known.get('server.port')).toMatchObject({ default: 8000, title: 'whole number from 0 to 65535' })
  expect(known.get('server.statusPage')).toMatchObject({ default: true })
  expect(known.get('webhook.secrets')).toMatchObject({ default: ['${GITHUB_WEBHOOK_SECRET}'] })
})
