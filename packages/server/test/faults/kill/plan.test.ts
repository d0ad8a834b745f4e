import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { phases, type Plan, planTrial, simpler, targets } from './plan.ts'
import { openResults, seedOf } from './results.ts'
import { toTable } from './table.ts'
import type { TrialResult } from './trial.ts'

const result = (trial: number, changes: Partial<TrialResult> = {}): TrialResult => ({
  plan: planTrial(7, trial),
  hit: null,
  sent: 2,
  accepted: 1,
  lost: 0,
  recovered: true,
  recoveryMs: 1_000 * (trial + 1),
  violations: [],
  ...changes,
})

test('a seed plans the same trials again, and in turn each way to end a server in each phase', () => {
  const plans = Array.from({ length: 15 }, (_, trial) => planTrial(7, trial))
  expect(plans).toEqual(plans.map(({ trial }) => planTrial(7, trial)))
  expect(plans).not.toEqual(plans.map(({ trial }) => planTrial(8, trial)))
  expect(new Set(plans.map(({ phase, target }) => `${phase} ${target}`)).size).toBe(
    phases.length * targets.length,
  )
})

test('simpler plans end the server in the same way and come to an end', () => {
  let plan: Plan = { ...planTrial(7, 0), pushes: [10, 20], burst: 5, pause: 30 }
  for (const candidate of simpler(plan)) {
    expect({ ...candidate, pushes: [], burst: 1, pause: 0 }).toEqual({
      ...plan,
      pushes: [],
      burst: 1,
      pause: 0,
    })
  }
  for (let steps = 0; simpler(plan).length > 0; steps += 1) {
    expect(steps).toBeLessThan(10)
    plan = { ...plan, ...simpler(plan).at(-1) }
  }
  expect(plan).toMatchObject({ pushes: [], burst: 1, pause: 0 })
})

test('results go on where a run was broken off, in the middle of a line even, and add up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-results-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'results')
  const first = await openResults(7, file)
  await first.add(result(0))
  await first.add(result(1, { lost: 1, recovered: false, recoveryMs: null }))
  await writeFile(file, `${await readFile(file, 'utf8')}{"plan":{"se`)
  expect(await seedOf(file)).toBe(7)
  const second = await openResults(7, file)
  expect([0, 1, 2].map((trial) => second.has(trial))).toEqual([true, true, false])
  await second.add(result(2))
  expect((await openResults(7, file)).all()).toHaveLength(3)
  expect((await openResults(8, file)).all()).toEqual([])
  expect(toTable(second.all())).toContain('| **all** | 3 | 0 | 6 | 3 | 1 | 2 of 3 | 3.0 s | 3.0 s |')
})
