import { setTimeout as delay } from 'node:timers/promises'
import type { Deployment } from '../../../src/index.ts'
import { leftovers, manyFiles } from '../support/app.ts'
import { judgeHistory, lost } from '../support/history.ts'
import { isAccepted, promises, readJournal, until } from '../support/quiet.ts'
import { workingIn } from '../support/process-tree.ts'
import type { Ending, ServerProcess } from '../support/server-process.ts'
import { type Answer, app, type World } from '../support/world.ts'
import { phaseOf, reach } from './phase.ts'
import type { Phase, Plan } from './plan.ts'
import { groupsOf, watchWorkers } from './watch-workers.ts'

export interface TrialResult {
  readonly plan: Plan
  /** What ran when its end came; null: nothing that can be told from outside. */
  readonly hit: Phase | null
  readonly sent: number
  /** Deliveries answered 2xx. */
  readonly accepted: number
  /** Of their deployments, those without an end. */
  readonly lost: number
  /** Whether the tip was served without another push. */
  readonly recovered: boolean
  /** Milliseconds from the start of the second server until the tip was served. */
  readonly recoveryMs: number | null
  readonly violations: readonly string[]
  /** What the second server said, where something is wrong. */
  readonly log?: readonly string[]
}

/** What is known of a world from earlier trials in it. */
export interface Memory {
  /** Every answer so far, for no later trial may undo an earlier one. */
  readonly answers: Answer[]
  readonly ended: Map<string, Deployment>
  serial: number
}

/** Milliseconds that recovering may take. */
const patience = 90_000

/** Ends the server of a quiet world as planned, starts it again, waits for quiet and judges the history. */
export async function runTrial(plan: Plan, world: World, memory: Memory): Promise<TrialResult> {
  const { server } = world
  await server.url
  const sending: Promise<Answer>[] = []
  const pushNext = async (): Promise<void> => {
    memory.serial += 1
    const commit = await change(world, plan.phase, memory.serial)
    const times = plan.phase === 'accept' ? plan.burst : 1
    for (let i = 0; i < times; i++) sending.push(world.push(commit))
  }
  const later = sendLater(plan, pushNext)
  await later.begun
  if (plan.answered) await Promise.race(sending)
  const isReached = plan.phase === 'accept' || (await reach(server, plan.phase))
  if (isReached) await delay(plan.delay)
  const hit = plan.phase === 'accept' ? 'accept' : (phaseOf(server.commands()) ?? null)
  const groups = groupsOf(server.pid)
  const failures = await end(server, plan.target)
  await later.done
  const answers = await Promise.all(sending)
  memory.answers.push(...answers)

  await delay(plan.pause)
  const since = performance.now()
  const next = world.start()
  const workers = watchWorkers(world, groups)
  const recoveryMs = await recover(world, since).catch((error: unknown) => {
    failures.push(String(error))
    return null
  })
  await settle(world, memory.answers).catch((error: unknown) => void failures.push(String(error)))
  if (!(await world.isServed())) failures.push('the tip is not served any more when all is quiet')

  const journaled = await readJournal(world.dataDir)
  const history = {
    ...journaled,
    promised: promises(memory.answers, journaled),
    ended: memory.ended,
    commits: new Map([[app, await world.origin.history()]]),
  }
  const violations = [
    ...failures,
    ...workers(),
    ...survivors(world, groups),
    ...judgeHistory(history),
    ...journaled.deployments
      .filter(({ id, status }) => !memory.ended.has(id) && (status === 'failure' || status === 'cancelled'))
      .map(({ id, status, reason }) => `${id} ended as ${status}: ${String(reason)}`),
    ...(await leftovers(world.project)).map((name) => `the container ${name} is left over`),
  ]
  for (const deployment of journaled.deployments) {
    if (deployment.endedAt !== null) memory.ended.set(deployment.id, deployment)
  }
  return {
    plan,
    hit,
    sent: answers.length,
    accepted: answers.filter(isAccepted).length,
    lost: lost(history).length,
    recovered: recoveryMs !== null,
    recoveryMs,
    violations,
    ...(violations.length === 0 ? {} : { log: next.lines.slice(-80) }),
  }
}

/** What of the dead server still runs. */
function survivors({ checkout }: World, groups: ReadonlySet<number>): readonly string[] {
  return workingIn(checkout)
    .filter(({ group, command }) => groups.has(group) && command !== '')
    .map(({ command }) => `this still runs when all is quiet: ${command}`)
}

/** Ends a server; gives what was wrong with that. */
async function end(server: ServerProcess, target: Ending): Promise<string[]> {
  const since = performance.now()
  await server.end(target)
  const seconds = (performance.now() - since) / 1000
  const how = await server.ended
  if (target !== 'stop') return []
  return [
    ...(how === 0 ? [] : [`SIGTERM ended it with ${how}`]),
    ...(seconds < 60 ? [] : [`SIGTERM took ${seconds.toFixed(0)} s to end it`]),
  ]
}

/** Sends the first push now and the others when they are due, however long the phase takes to come. */
function sendLater(
  { pushes }: Plan,
  pushNext: () => Promise<void>,
): { readonly begun: Promise<void>; readonly done: Promise<void> } {
  const begun = pushNext()
  const send = async (): Promise<void> => {
    await begun
    let passed = 0
    // One after the other: commits are made in the order in which they are pushed.
    for (const at of pushes.toSorted((one, other) => one - other)) {
      await delay(at - passed)
      passed = at
      await pushNext()
    }
  }
  return { begun, done: send() }
}

/** A commit that makes the phase last. */
function change(world: World, phase: Phase, serial: number): Promise<string> {
  const text = String(serial)
  if (phase === 'fetch' || phase === 'checkout') return world.change({ api: text }, manyFiles(serial))
  if (phase === 'build') return world.change({ api: text }, { 'api/wait': `3 ${serial}\n` })
  return world.change(phase === 'recreate' ? { web: text, api: text } : { api: text })
}

/** Milliseconds until the tip is served. */
async function recover(world: World, since: number): Promise<number> {
  await until(() => world.isServed(), {
    within: patience,
    every: 50,
    describe: () => `the tip was not served within ${patience / 1000} s`,
  })
  return performance.now() - since
}

/** Waits until nothing is left to do. */
async function settle(world: World, answers: readonly Answer[]): Promise<void> {
  await world.server.url
  const open = async (): Promise<readonly string[]> => {
    const journaled = await readJournal(world.dataDir)
    const unsettled = journaled.deployments.filter(({ endedAt }) => endedAt === null)
    return [
      ...unsettled.map(({ id, status }) => `${id} is still ${status}`),
      ...lost({ ...journaled, promised: promises(answers, journaled), commits: new Map() }),
    ]
  }
  await until(async () => (await open()).length === 0, {
    within: 60_000,
    every: 250,
    describe: async () => `not all had ended after 60 s: ${(await open()).join(', ')}`,
  })
}
