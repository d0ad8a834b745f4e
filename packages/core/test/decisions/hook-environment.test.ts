import { expect, test } from 'vitest'
import { hookEnvironment } from '../../src/decisions/hook-environment.ts'
import { defineApp } from '../../src/domain/app.ts'

const app = defineApp({ name: 'shop', repository: 'acme/shop', path: '/srv/shop' })

test('names what is known, and nothing else', () => {
  expect(hookEnvironment({ app })).toEqual({ FAIRWAY_APP: 'shop' })
  const project = {
    name: 'redshop',
    directory: '/srv/shop',
    files: [],
    envFiles: [],
    profiles: [],
    environment: {},
  }
  const services = (['build', 'keep', 'recreate'] as const).map((action, index) => ({
    service: `s${index}`,
    action,
    because: [],
  }))
  const commit = 'a'.repeat(40)
  expect(
    hookEnvironment({
      app,
      project,
      deployment: 'd1',
      pull: { after: commit, ref: 'refs/heads/main' },
      plan: { app: 'shop', commit, services },
      status: 'success',
    }),
  ).toEqual({
    FAIRWAY_APP: 'shop',
    FAIRWAY_DEPLOYMENT: 'd1',
    FAIRWAY_COMMIT: commit,
    FAIRWAY_REF: 'refs/heads/main',
    FAIRWAY_PROJECT: 'redshop',
    FAIRWAY_SERVICES: 's0 s2',
    FAIRWAY_STATUS: 'success',
  })
})

test('what comes from outside stays one line without escapes, and no NUL ends it', () => {
  const environment = hookEnvironment({
    app,
    status: 'failure',
    reason: 'web said\nFAIRWAY_APP=x\u0000\u001b[2J',
  })
  expect(environment['FAIRWAY_REASON']).toBe(String.raw`web said\nFAIRWAY_APP=x\x00\x1b[2J`)
})
