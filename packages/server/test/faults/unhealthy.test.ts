import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.close())

/** Deploys services of busybox, each with these lines more. */
async function deploy(services: Readonly<Record<string, string>>): ReturnType<World['deploy']> {
  const sections = Object.entries(services).map(
    ([name, lines]) => `  ${name}:\n    image: local/busybox:latest\n    init: true\n${lines}`,
  )
  await world.origin.commit('change', { 'compose.yaml': `services:\n${sections.join('')}` })
  await world.origin.push()
  return world.deploy()
}

const exiting = (restart: string): string =>
  `    restart: "${restart}"\n    command: ['sh', '-c', 'echo the reason; exit 1']\n`
const sleeping = (healthcheck: string): string =>
  `    command: ['sleep', '600']\n    healthcheck: { test: ['CMD', 'false'], interval: 1s, ${healthcheck} }\n`

test.for<[restart: string, says: RegExp]>([
  ['no', /^web exited with code 1; there is nothing to go back to, .*\n/],
  ['always', /^web was restarted \d times, last exit code 1; there is nothing to go back to, .*\n/],
])(
  'F20: a container that exits at once, restarted "%s", is a failure that says so and shows its last words',
  async ([restart, says]) => {
    const { status, reason } = await deploy({ web: exiting(restart) })
    expect(status).toBe('failure')
    expect(reason).toMatch(says)
    expect(reason).toMatch(/Last lines of .*-web-1 .*:\n\s+the reason\n/)
  },
)

test('F21: a container that never gets healthy is a failure when Docker says so', async () => {
  const { status, reason } = await deploy({ web: sleeping('retries: 2') })
  expect({ status, reason }).toEqual({
    status: 'failure',
    reason: expect.stringMatching(/^web is unhealthy; there is nothing to go back to, .*\n/) as string,
  })
})

test('F21: a start period of five minutes is not waited for beyond healthTimeout', async () => {
  const since = performance.now()
  const { status, reason } = await deploy({ web: sleeping('start_period: 300s') })
  expect({ status, reason }).toEqual({
    status: 'failure',
    reason: expect.stringMatching(
      /^web is still starting \(health: starting\) after 20 s; there is nothing to go back to, .*\n/,
    ) as string,
  })
  expect(performance.now() - since).toBeLessThan(45_000)
})
