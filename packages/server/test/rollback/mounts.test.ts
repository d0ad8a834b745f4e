import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.close())

const sleeps = 'image: local/busybox:latest, init: true, command: [sleep, "3600"]'
/** `reader` mounts a folder and a file; `web` must be healthy before it is touched. */
const compose = (health: string): string => `services:
  web: { ${sleeps}, healthcheck: { test: "${health}", interval: 200ms, retries: 1 } }
  reader: { ${sleeps}, volumes: ["./site:/site:ro", "./one.txt:/one.txt:ro"], depends_on: { web: { condition: service_healthy } } }
`
const seen = async (): Promise<string> => world.inside('reader', 'cat', '/site/index.html', '/one.txt')

async function push(files: Readonly<Record<string, string>>, removed: readonly string[] = []) {
  await world.origin.commit('more', files, removed)
  await world.origin.push()
  return world.deploy()
}

test('a folder and a file that the failed version changed or took away come back in containers it never touched', async () => {
  const first = { 'compose.yaml': compose('true'), 'site/index.html': 'one\n', 'one.txt': 'one\n' }
  expect(await push(first)).toMatchObject({ status: 'success', reason: null })
  expect(await seen()).toBe('one\none')

  const changed = await push({
    'compose.yaml': compose('false'),
    'site/index.html': 'two\n',
    'one.txt': 'two\n',
  })
  expect(changed.reason).toMatch(/^web is unhealthy.*; rolled back to/)
  expect(await seen()).toBe('one\none')

  const gone = await push({ 'compose.yaml': compose('exit 1') }, ['site/index.html', 'one.txt'])
  expect(gone.reason).toMatch(/^web is unhealthy.*; rolled back to/)
  expect(await seen()).toBe('one\none')
})
