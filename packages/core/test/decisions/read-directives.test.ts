import { expect, test } from 'vitest'
import { newestDirective, newestRebuild, readDirective } from '../../src/decisions/read-directives.ts'

const all = 'all'
test.each<[message: string, expected: 'skip' | 'all' | readonly string[] | undefined, says?: string]>([
  ['Fix', undefined],
  ['', undefined],
  ['Fix typo [skip ci]', 'skip', '[skip ci]'],
  ['[SKIP CI] Fix', 'skip', '[skip ci]'],
  ['[ci skip]', 'skip', '[ci skip]'],
  ['Fix\nthe typo [skip deploy]', 'skip', '[skip deploy]'],
  ['Fix\n\nNo [skip ci] here', undefined],
  ['Fix [no ci]', undefined],
  ['Fix [skip  ci]', undefined],
  ['skip ci', undefined],
  ['Fix\n\nDeploy: skip', 'skip', 'Deploy: skip'],
  ['Fix\n\ndeploy:  SKIP ', 'skip', 'Deploy: skip'],
  ['Fix\n\nDeploy: rebuild', all, 'Deploy: rebuild'],
  ['Fix\n\nDeploy: rebuild=api,web', ['api', 'web'], 'Deploy: rebuild=api,web'],
  ['Fix\n\nDeploy: Rebuild = api , web,', ['api', 'web'], 'Deploy: rebuild=api,web'],
  ['Fix\n\nDeploy: rebuild=api\nDeploy: rebuild=web,api', ['api', 'web']],
  ['Fix\n\nDeploy: rebuild=api\nDeploy: rebuild', all],
  ['Fix\n\nDeploy: skip\nDeploy: rebuild=web', ['web']],
  ['Fix\n\nDeploy: rebuild=web\nDeploy: skip', 'skip'],
  ['Fix\n\nDeploy: rebuild=', undefined],
  ['Fix\n\nDeploy: rebuild the api', undefined],
  ['Fix\n\nDeploy: hold', undefined],
  ['Fix\n\nDeploy: skip=api', undefined],
  ['Fix [skip ci]\n\nDeploy: rebuild', all],
  ['Fix [skip ci]\n\nDeploy: hold', 'skip'],
  ['Deploy: skip', undefined],
  ['Fix\n\nDeploy: rebuild=\u001b[31m', ['\\x1b[31m'], 'Deploy: rebuild=\\x1b[31m'],
  [`Fix\n\nDeploy: rebuild=${'a'.repeat(200)}`, [`${'a'.repeat(100)}…`]],
])('%j', (message, expected, says) => {
  const found = readDirective(message)
  expect(found?.does === 'rebuild' ? found.services : found?.does).toEqual(expected)
  if (says !== undefined) expect(found?.says).toBe(says)
})

const said = (commit: string, message: string) => ({ commit, message })

test('of several commits the newest that says something decides', () => {
  const messages = [said('3', 'Fix'), said('2', 'Fix\n\nDeploy: rebuild=api'), said('1', 'x [skip ci]')]
  expect(newestDirective(messages)).toMatchObject({ commit: '2', does: 'rebuild', services: ['api'] })
  expect(newestDirective(messages.toReversed())).toMatchObject({ commit: '1', does: 'skip' })
  expect(newestDirective([said('3', 'Fix')])).toBeUndefined()
  expect(newestRebuild(messages.toReversed())).toMatchObject({ commit: '2', services: ['api'] })
})

test('a message of megabytes is read in no time', () => {
  const started = performance.now()
  expect(readDirective(`Deploy [\n\n${'[skip '.repeat(400_000)}\n${' \n'.repeat(400_000)}x`)).toBeUndefined()
  expect(readDirective(`Deploy\n\n${'a: b\n'.repeat(200_000)}Deploy: skip`)).toBeUndefined()
  expect(performance.now() - started).toBeLessThan(2_000)
})
