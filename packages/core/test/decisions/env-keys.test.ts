import { expect, test } from 'vitest'
import { ownKeys } from '../../src/decisions/env-keys.ts'

test("S20: tells Compose's and Docker's own keys from those of the app, and what counts from what doesn't", () => {
  const keys = [
    'TAG',
    'COMPOSE_FILE',
    'COMPOSE_PROFILES',
    'DOCKER_HOST',
    'COMPOSE_PARALLEL_LIMIT',
    'MY_DOCKER_X',
  ]
  expect(ownKeys(keys, [])).toEqual({
    read: ['COMPOSE_PROFILES', 'COMPOSE_PARALLEL_LIMIT'],
    ignored: ['COMPOSE_FILE', 'DOCKER_HOST'],
  })
  expect(ownKeys(keys, ['jobs'])).toEqual({
    read: ['COMPOSE_PARALLEL_LIMIT'],
    ignored: ['COMPOSE_FILE', 'COMPOSE_PROFILES', 'DOCKER_HOST'],
  })
})
