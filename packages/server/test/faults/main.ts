// Ends servers at random points of real deploys and judges what comes of it:
// `pnpm test:faults [--trials 200] [--seed N] [--resume FILE] [--lanes 2] [--only TRIAL] [--no-shrink]`.
import { parseArgs } from 'node:util'
import { type Lane, openLane, runAlone } from './kill/lane.ts'
import { phases, type Plan, planTrial, simpler } from './kill/plan.ts'
import { openResults, seedOf } from './kill/results.ts'
import { toTable } from './kill/table.ts'
import type { TrialResult } from './kill/trial.ts'

const { values } = parseArgs({
  allowNegative: true,
  options: {
    trials: { type: 'string', default: '200' },
    seed: { type: 'string' },
    resume: { type: 'string' },
    lanes: { type: 'string', default: '2' },
    only: { type: 'string' },
    shrink: { type: 'boolean', default: true },
  },
})
const begun = values.resume === undefined ? undefined : await seedOf(values.resume)
const seed = values.seed === undefined ? (begun ?? Math.floor(Math.random() * 2 ** 31)) : Number(values.seed)
const results = await openResults(seed, values.resume)
const wanted =
  values.only === undefined
    ? Array.from({ length: Number(values.trials) }, (_, i) => i)
    : [Number(values.only)]
const left = wanted.filter((trial) => !results.has(trial))
const since = performance.now()
console.log(
  `Seed ${seed}: ${wanted.length} trials, ${left.length} of them to do. One alone: --seed ${seed} --only TRIAL`,
)

const next = left.values()
let isBroken = false
process.once('SIGINT', () => {
  isBroken = true
  console.log('The trials under way are finished; --resume goes on with the others')
})
await Promise.all(Array.from({ length: Math.min(Number(values.lanes), left.length) }, () => work(next)))

const all = results.all().filter(({ plan }) => wanted.includes(plan.trial))
const failed = all.filter(({ violations }) => violations.length > 0)
console.log(`\n${toTable(all)}\n`)
console.log(
  `${all.length} of ${wanted.length} trials, ${failed.length} failed, ${minutes(performance.now() - since)}`,
)
for (const { plan } of failed)
  console.log(`Again: --seed ${seed} --only ${plan.trial}   (${JSON.stringify(plan)})`)
const { plan: first } = failed[0] ?? {}
if (first && values.shrink && !isBroken) await shrink(first)
process.exitCode = failed.length > 0 || all.length < wanted.length ? 1 : 0

/** One world after the other would cost a first deploy each: a lane keeps its own until something went wrong in it. */
async function work(trials: Iterator<number>): Promise<void> {
  let lane: Lane | undefined
  try {
    for (let step = trials.next(); step.done !== true && !isBroken; step = trials.next()) {
      lane ??= await openLane()
      const result = await lane.run(planTrial(seed, step.value))
      await results.add(result)
      tell(result)
      if (result.violations.length === 0) continue
      await lane.close()
      lane = undefined
    }
  } finally {
    await lane?.close()
  }
}

function tell({ plan, hit, recoveryMs, accepted, sent, violations, log = [] }: TrialResult): void {
  const time = recoveryMs === null ? 'not recovered' : `${(recoveryMs / 1000).toFixed(1)} s`
  const where = hit === plan.phase ? plan.phase : `${plan.phase} (hit ${hit ?? 'between'})`
  console.log(
    `${String(plan.trial).padStart(4)} ${where}, ${plan.target}: ${accepted} of ${sent} accepted, ${time}`,
  )
  for (const violation of violations) console.log(`     ! ${violation}`)
  for (const line of log) console.log(`     | ${line.slice(0, 400)}`)
}

/** Looks for a simpler plan that fails, too. */
async function shrink(plan: Plan): Promise<void> {
  console.log(`\nLooking for something simpler than trial ${plan.trial}`)
  for (const candidate of simpler(plan)) {
    const result = await runAlone(candidate)
    if (result.violations.length === 0) continue
    console.log(`This fails, too: ${JSON.stringify(candidate)}`)
    tell(result)
    return
  }
  console.log(`Nothing simpler failed in one try each; phases are ${phases.join(', ')}`)
}

function minutes(milliseconds: number): string {
  return `${(milliseconds / 60_000).toFixed(1)} min`
}
