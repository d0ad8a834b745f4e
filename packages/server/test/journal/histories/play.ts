import { isDeepStrictEqual } from 'node:util'
import { isDeployError } from '@fairway/core'
import type { FakeClock } from '@fairway/core/testing'
import { expect } from 'vitest'
import type { Deployment, Journal } from '../../../src/journal/journal.ts'
import { Model } from './model.ts'
import { apps, commits, type Operation, processes } from './operations.ts'

type Part = Omit<Journal, 'refused' | 'changedByOthers' | 'backup' | 'check' | 'close'>

/** A journal that several processes have open. */
export interface Subject {
  readonly clock: FakeClock
  by(process: number): Part
  reopen(process: number): Promise<void>
}

/** Plays a history on a journal and on the model, and compares every answer; then everything that was promised must come to one end. */
export async function expectSame(subject: Subject, operations: readonly Operation[]): Promise<void> {
  const model = new Model()
  model.now = subject.clock.now().getTime()
  const ends = new Map<string, string>()
  const hands = new Set<string>()
  for (const [index, operation] of operations.entries()) {
    const [answer, expected] = await both(subject, model, operation)
    assertSame(answer, expected, operation.do)
    watchHands(hands, model, operation, answer)
    // Answers show most of it; all of it is looked at now and then, which takes longer than the history itself.
    if (index % 5 !== 4 && index < operations.length - 1) continue
    await compare(subject, model)
    watchEnds(ends, await all(subject))
  }
  await drain(subject)
  const rows = await all(subject)
  watchEnds(ends, rows)
  expect(rows.filter(({ endedAt }) => endedAt === null)).toEqual([])
  for (const row of rows) if (row.status === 'superseded') expectSuccessor(row, rows)
}

/** Does it to both; gives both answers in one shape. */
async function both(
  subject: Subject,
  model: Model,
  operation: Operation,
): Promise<readonly [unknown, unknown]> {
  const journal = subject.by('by' in operation ? operation.by : 0)
  const id = 'which' in operation ? name(1 + (operation.which % Math.max(1, model.made))) : ''
  switch (operation.do) {
    case 'accept':
      return [await journal.accept(operation.delivery), model.accept(operation.delivery)]
    case 'replay':
      return [await orCode(journal.replay(operation.delivery)), model.replay(operation.delivery)]
    case 'request':
      return [(await journal.request(operation.request)).id, model.request(operation.by, operation.request)]
    case 'next': {
      const busy = new Set(operation.busy)
      return [(await journal.next(busy))?.deployment.id, model.next(operation.by, busy)]
    }
    case 'started':
      return [await journal.started(id), model.started(operation.by, id)]
    case 'stepEnded':
      return [
        await journal.stepEnded(id, { name: 'step', status: 'success', durationMs: 1 }),
        model.stepEnded(id),
      ]
    case 'ended':
      return [await journal.ended(id, operation.ending), model.ended(id, operation.ending)]
    case 'interrupted':
      return [await journal.interrupted(id), model.interrupted(id)]
    case 'recover': {
      const { dead, maxAttempts } = operation
      const isAlive = ({ pid }: { pid: number }): boolean =>
        !dead.some((index) => processes[index]?.pid === pid)
      const touched = await journal.recover(isAlive, maxAttempts)
      return [touched.map((row) => row.id), model.recover(dead, maxAttempts)]
    }
    case 'cancel':
      return [(await journal.cancel(id, 'no more'))?.status, model.cancel(id, 'no more')]
    case 'prune': {
      const { deliveries, deployments } = await journal.prune(operation.keep)
      return [{ deliveries, deployments: deployments.toSorted() }, model.prune(operation.keep)]
    }
    case 'wait':
      subject.clock.advance(operation.ms)
      model.now += operation.ms
      return [undefined, undefined]
    case 'reopen':
      return [await subject.reopen(operation.by), undefined]
  }
}

/** Everything that can be seen of a journal is what the model says. */
async function compare(subject: Subject, model: Model): Promise<void> {
  const journal = subject.by(0)
  const rows = (await all(subject)).map((row) => {
    const { id, app: of, status, reason, commit, attempt, delivery, supersededBy, steps } = row
    return { id, app: of, status, reason, commit, attempt, delivery, supersededBy, steps: steps.length }
  })
  assertSame(rows, model.view(), 'deployments')
  assertSame([...(await journal.cancellations())], model.cancellations(), 'cancellations')
  for (const app of apps) {
    for (const commit of commits) {
      assertSame(
        await journal.history(app, commit),
        {
          ended: model.endedFor.has(`${app} ${commit}`),
          everDeployed: model.deployed.has(app),
        },
        'history',
      )
    }
  }
  const present = new Set(rows.map(({ id }) => id))
  const deliveries = await journal.deliveries({ limit: 1_000 })
  const expected = model.deliveries.map(({ id, skipped, made }) => ({
    id,
    skipped,
    deployments: made.filter((one) => present.has(one)),
  }))
  assertSame(
    deliveries.map(({ id, skipped, deployments }) => ({ id, skipped, deployments })),
    expected.toReversed(),
    'deliveries',
  )
}

/** After everybody died, one process ends all that is left. */
async function drain(subject: Subject): Promise<void> {
  const journal = subject.by(1)
  await journal.recover(() => false, 10)
  for (let claim = await journal.next(new Set()); claim; claim = await journal.next(new Set())) {
    const { id } = claim.deployment
    expect(await journal.started(id)).toBe(true)
    await journal.ended(id, { status: 'success', reason: null, commit: null })
  }
}

/** Nothing that somebody has in hand is handed out, and nothing of an app that is busy. */
function watchHands(hands: Set<string>, model: Model, operation: Operation, answer: unknown): void {
  if (operation.do === 'next' && typeof answer === 'string') {
    assertSame(hands.has(answer), false, 'handed out twice')
    const app = model.entries.find(({ id }) => id === answer)?.app ?? ''
    assertSame(operation.busy.includes(app), false, 'handed out while busy')
  }
  hands.clear()
  for (const { id, holder } of model.entries) if (holder !== null) hands.add(id)
}

/** The first end is the last. */
function watchEnds(ends: Map<string, string>, rows: readonly Deployment[]): void {
  for (const { id, status, endedAt } of rows) {
    assertSame(
      endedAt === null ? undefined : status,
      ends.get(id) ?? (endedAt === null ? undefined : status),
      id,
    )
    if (endedAt !== null) ends.set(id, status)
  }
}

/** What gave way gave way to a newer one of its app. */
function expectSuccessor(row: Deployment, rows: readonly Deployment[]): void {
  expect(row.supersededBy !== null && row.supersededBy > row.id).toBe(true)
  const newer = rows.find(({ id }) => id === row.supersededBy)
  // It may have been forgotten since.
  if (newer) expect(newer.app).toBe(row.app)
}

const all = (subject: Subject): Promise<readonly Deployment[]> => subject.by(2).deployments({ limit: 1_000 })
const name = (number: number): string => `deployment-${String(number).padStart(3, '0')}`

async function orCode(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer
  } catch (error) {
    if (isDeployError(error)) return error.code
    throw error
  }
}

/** As `expect` would, but a hundred times faster where they are the same. */
function assertSame(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) expect({ [what]: actual }).toEqual({ [what]: expected })
}
