import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeWorld, type World } from '../support/world.ts'

// Several real deploys each, on machines that have more to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let world: World
beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.close())

const sleeps = 'image: local/busybox:latest, init: true, command: [sleep, "3600"]'
/** `reader` mounts a folder and a file; `web` is brought up before it. */
const compose = (more = ''): string => `services:
  web: { ${sleeps}${more} }
  reader: { ${sleeps}, volumes: ["./site:/site:ro", "./one.txt:/one.txt:ro"], depends_on: [web] }
`
const broken = (number: number): string => compose(`, devices: ["/dev/no-such-device-${number}:/dev/x"]`)
const seen = async (): Promise<string> => world.inside('reader', 'cat', '/site/index.html', '/one.txt')

async function push(files: Readonly<Record<string, string>>, removed: readonly string[] = []) {
  await world.origin.commit('more', files, removed)
  await world.origin.push()
  return world.deploy()
}

test('a folder and a file that the failed version changed or took away come back in containers it never touched', async () => {
  const first = { 'compose.yaml': compose(), 'site/index.html': 'one\n', 'one.txt': 'one\n' }
  expect(await push(first)).toMatchObject({ status: 'success', reason: null })
  expect(await seen()).toBe('one\none')

  const changed = await push({
    'compose.yaml': broken(1),
    'site/index.html': 'two\n',
    'one.txt': 'two\n',
  })
  expect(changed.reason).toMatch(/no-such-device-\d[^]*; rolled back to/)
  expect(await seen()).toBe('one\none')

  const gone = await push({ 'compose.yaml': broken(2) }, ['site/index.html', 'one.txt'])
  expect(gone.reason).toMatch(/no-such-device-\d[^]*; rolled back to/)
  expect(await seen()).toBe('one\none')
})
