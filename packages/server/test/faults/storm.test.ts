import { afterAll, beforeAll, expect, test } from 'vitest'
import { judgeHistory } from './support/history.ts'
import { isAccepted, type Journaled, promises, readJournal, until } from './support/quiet.ts'
import { type Answer, app, makeWorld, type World } from './support/world.ts'

let world: World
const answers: Answer[] = []
beforeAll(async () => {
  world = await makeWorld()
  world.start()
  answers.push(await world.push(await world.origin.tip()))
  await served()
}, 120_000)
afterAll(() => world.close())

test(
  'F17: 500 deliveries at once for one app: each is accepted, at most two run, the newest is served',
  { timeout: 180_000 },
  async () => {
    const before = await quiet()
    const commits: string[] = []
    for (let i = 1; i <= 20; i++) commits.push(await world.change({ api: `storm ${i}` }))
    const since = performance.now()
    const sent = await Promise.all(
      Array.from({ length: 500 }, (_, i) => world.push(commits[Math.floor(i / 25)] ?? '')),
    )
    expect(performance.now() - since).toBeLessThan(10_000)
    answers.push(...sent)
    expect(sent.filter((answer) => !isAccepted(answer))).toEqual([])
    await served()
    const { deployments } = await quiet()
    const ours = deployments.filter(({ id }) => !before.deployments.some((one) => one.id === id))
    expect(ours).toHaveLength(500)
    const ran = ours.filter(({ status }) => status !== 'superseded')
    expect(ran.length).toBeLessThanOrEqual(2)
    expect(ran.map(({ status, commit }) => `${status} ${commit}`)).toEqual(
      ran.map(() => `success ${commits.at(-1)}`),
    )
    await judge()
  },
)

test(
  'F18: duplicates, shuffled and late ones: each is deployed once, and nothing goes back',
  { timeout: 180_000 },
  async () => {
    const commits: string[] = []
    for (let i = 1; i <= 10; i++) commits.push(await world.change({ api: `shuffled ${i}` }))
    const twice = [...commits, ...commits].map((commit, i) => ({ commit, id: `shuffled-${i % 10}` }))
    const sent = await Promise.all(shuffle(twice).map(({ commit, id }) => world.push(commit, { id })))
    answers.push(...sent)
    await served()
    await quiet()
    for (const [i, commit] of shuffle([...commits.entries()])) {
      const late = await world.push(commit, { id: `shuffled-${i}` })
      answers.push(late)
      expect(late.status).toBe(200)
    }
    // One that the host sends days later under an id of its own.
    const late = await world.push(commits[0] ?? '')
    answers.push(late)
    expect(late.status).toBe(202)
    const { deliveries, deployments } = await quiet()
    const ours = deliveries.filter(({ id }) => id.startsWith('shuffled-'))
    expect(ours.map((delivery) => delivery.deployments.length)).toEqual(Array.from({ length: 10 }, () => 1))
    expect(deployments.find(({ id }) => id === late.deployments[0])?.commit).toBe(commits.at(-1))
    expect(await world.isServed()).toBe(true)
    await judge()
  },
)

async function judge(): Promise<void> {
  const journaled = await readJournal(world.dataDir)
  const commits = new Map([[app, await world.origin.history()]])
  expect(judgeHistory({ ...journaled, commits, promised: promises(answers, journaled) })).toEqual([])
}

/** Waits until nothing waits or runs. */
function quiet(): Promise<Journaled> {
  return until(
    async () => {
      const journaled = await readJournal(world.dataDir)
      return journaled.deployments.every(({ endedAt }) => endedAt !== null) && journaled
    },
    { within: 60_000, describe: lines },
  )
}

function served(): Promise<true> {
  return until(() => world.isServed(), { within: 60_000, describe: lines })
}

function lines(): string {
  return world.server.lines.slice(-60).join('\n')
}

function shuffle<T>(items: readonly T[]): readonly T[] {
  const drawn = items.map((item) => ({ item, order: Math.random() }))
  return drawn.toSorted((one, other) => one.order - other.order).map(({ item }) => item)
}
