import { expect, test } from 'vitest'
import { allOf } from '../../src/steps/all-of.ts'

test('gives every answer, in order', async () => {
  expect(await allOf([Promise.resolve('one'), Promise.resolve(2)])).toEqual(['one', 2])
})

test('a failure is told when the others have ended', async () => {
  const slow = Promise.withResolvers<string>()
  let told: unknown
  const all = allOf([Promise.reject(new Error('first')), slow.promise]).catch((error: unknown) => {
    told = error
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(told).toBeUndefined()
  slow.resolve('late')
  await all
  expect(told).toEqual(new Error('first'))
})
