import { nodeFiles } from '@fairway/core'
import { afterEach, expect, test, vi } from 'vitest'
import { freePort, listenAt } from '../rollback/support/faults.ts'
import { makeWorld, type World } from '../support/world.ts'

// Several real deploys each, on machines that have more to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let world: World
afterEach(() => world.close())

const sleeps = '[sh, -c, "exec sleep 3600"]'
const service = (name: string, lines: string): string =>
  `  ${name}:\n    image: local/busybox:latest\n    init: true\n${lines}`

/** Deploys services of busybox, each with these lines more. */
async function deploy(services: Readonly<Record<string, string>>): ReturnType<World['deploy']> {
  const sections = Object.entries(services).map(([name, lines]) => service(name, lines))
  await world.origin.commit('change', { 'compose.yaml': `services:\n${sections.join('')}` })
  await world.origin.push()
  return world.deploy()
}
const version = (number: number, more = ''): string =>
  `    command: ${sleeps}\n    environment: { VERSION: "${number}" }\n${more}`
const runs = async (): Promise<readonly string[]> =>
  Promise.all(['web', 'worker'].map((name) => world.inside(name, 'sh', '-c', 'echo $VERSION')))

test('F22: a port that is taken leaves the app down; the version before is brought back and serves', async () => {
  world = await makeWorld()
  const [own, taken] = [await freePort(), await freePort()]
  const at = (port: number): string => `    ports: ["127.0.0.1:${port}:8080"]\n`
  const first = await deploy({ web: version(1, at(own)), worker: version(1) })
  expect(first).toMatchObject({ status: 'success' })
  const release = await listenAt(taken)
  try {
    const { status, reason } = await deploy({ web: version(2, at(taken)), worker: version(2) })
    expect(status).toBe('failure')
    expect(reason).toMatch(
      /(?:already allocated|already in use)[^]*; rolled back to \w{7}, which serves again/,
    )
    expect(await runs()).toEqual(['1', '1'])
  } finally {
    await release()
  }
})

test('F22: a second service that cannot be started leaves no two versions side by side', async () => {
  world = await makeWorld()
  expect(await deploy({ web: version(1), worker: version(1) })).toMatchObject({ status: 'success' })
  const broken = version(2, '    devices: ["/dev/no-such-device:/dev/x"]\n')
  const { status, reason } = await deploy({ web: version(2), worker: broken })
  expect(status).toBe('failure')
  expect(reason).toMatch(/no-such-device[^]*; rolled back to \w{7}, which serves again/)
  expect(await runs()).toEqual(['1', '1'])
})

test('F24: a push that would replace the container that Fairway runs in is refused, and nothing is touched', async () => {
  const files = nodeFiles()
  let own: string | undefined
  const inside = (file: string): Promise<string | undefined> => {
    const isAsked = own !== undefined && file === '/proc/self/mountinfo'
    const line = `140 107 254:0 /var/lib/docker/containers/${own}/hostname /etc/hostname rw - ext4 /dev/vda rw\n`
    return isAsked ? Promise.resolve(line) : files.read(file)
  }
  world = await makeWorld({ executors: { files: { ...files, read: inside } } })
  expect(await deploy({ web: version(1), worker: version(1) })).toMatchObject({ status: 'success' })
  const before = await world.containers()
  own = before.get('web')
  const { status, reason } = await deploy({ web: version(2), worker: version(2) })
  expect(status).toBe('failure')
  expect(reason).toContain("its service web is Fairway's own container")
  expect(await world.containers()).toEqual(before)
  // Others of its project may be replaced.
  expect(await deploy({ web: version(1), worker: version(2) })).toMatchObject({ status: 'success' })
  expect(await runs()).toEqual(['1', '2'])
})
