import { DeployError } from '@fairway/core'
import { fakeCompose, fakeEngine, fakeFiles, fakeGit, fakeLocks } from '@fairway/core/testing'
import { fakeClock } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { memoryJournal } from '../src/index.ts'
import { checkReadiness, shareReadiness } from '../src/readiness.ts'

const executors = () => ({
  git: fakeGit(),
  engine: fakeEngine(),
  compose: fakeCompose(),
  files: fakeFiles(),
  locks: fakeLocks(),
  clock: fakeClock(),
})

test('ready when journal, git and the engine answer', async () => {
  expect(await checkReadiness(executors(), memoryJournal())).toEqual({
    ready: true,
    checks: { journal: 'ok', git: 'ok', docker: 'ok' },
  })
})

test('says what does not, in our own words alone', async () => {
  const given = executors()
  given.git.fail('version', new DeployError('git_unavailable', 'git is not installed'))
  const engine = {
    ...given.engine,
    version: () => Promise.reject(new Error('connect /home/ada/secret.sock')),
  }
  const journal = { ...memoryJournal(), check: () => Promise.reject(new Error('EROFS /var/lib/x')) }
  expect(await checkReadiness({ ...given, engine }, journal)).toEqual({
    ready: false,
    checks: { journal: 'does not answer', git: 'git is not installed', docker: 'does not answer' },
  })
})

test('however many ask, it is looked at once a second', async () => {
  let time = 0
  let looks = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const answer = { ready: true, checks: { journal: 'ok', git: 'ok', docker: 'ok' } }
  const ask = shareReadiness(
    async () => {
      looks += 1
      await promise
      return answer
    },
    () => time,
  )
  const asked = Array.from({ length: 100 }, () => ask())
  time = 60_000
  asked.push(ask())
  resolve()
  expect(new Set(await Promise.all(asked))).toEqual(new Set([answer]))
  expect(looks).toBe(1)
  time = 60_999
  await ask()
  expect(looks).toBe(1)
  time = 61_000
  await ask()
  expect(looks).toBe(2)
})

test('a look that fails is not the answer for ever', async () => {
  let time = 0
  let looks = 0
  const ask = shareReadiness(
    () => {
      looks += 1
      return Promise.reject(new Error('no'))
    },
    () => time,
  )
  await expect(ask()).rejects.toThrow('no')
  time = 1_000
  await expect(ask()).rejects.toThrow('no')
  expect(looks).toBe(2)
})
