// Bad pushes, rollbacks, pruning and kills on a real engine, measured:
// `pnpm test:rollback [--trials 60] [--kills 50] [--seed N] [--rounds 10] [--deploys 20] [--only PART,...] [--kill TRIAL] [--json FILE]`.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Trial } from './prove/in-lanes.ts'
import { type Extent, parts } from './prove/parts.ts'
import type { Row } from './prove/rows.ts'

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '60' },
    kills: { type: 'string', default: '50' },
    seed: { type: 'string' },
    rounds: { type: 'string', default: '10' },
    deploys: { type: 'string', default: '20' },
    only: { type: 'string' },
    kill: { type: 'string' },
    json: { type: 'string' },
  },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const extent: Extent = {
  seed,
  trials: Number(values.trials),
  rounds: Number(values.rounds),
  deploys: Number(values.deploys),
  kills:
    values.kill === undefined
      ? Array.from({ length: Number(values.kills) }, (_, i) => i)
      : [Number(values.kill)],
}
const wanted = values.kill === undefined ? values.only?.split(',') : ['kills']
console.log(`Seed ${seed}. One kill alone: --seed ${seed} --kill TRIAL`)

let isBroken = false
process.once('SIGINT', () => {
  isBroken = true
  console.log('What is under way is finished and cleaned up')
})
const since = performance.now()
const trials: Trial<unknown>[] = []
const rows: Row[] = []
for (const [name, part] of Object.entries(parts)) {
  if (isBroken || wanted?.includes(name) === false) continue
  rows.push(...(await part(extent, { isOver: () => isBroken, tell })))
}
const failed = trials.filter(({ violations }) => violations.length > 0)
console.log(`\n${toTable(rows)}\n`)
console.log(
  `${trials.length} trials, ${failed.length} with something wrong, ${minutes(performance.now() - since)}`,
)
for (const { name } of failed) console.log(`Wrong: ${name}`)
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ seed, rows, trials }, undefined, 2)}\n`)
}
process.exitCode = isBroken || rows.length === 0 || rows.some(({ isMet }) => !isMet) ? 1 : 0

function tell(trial: Trial<unknown>): void {
  trials.push(trial)
  const { name, facts, violations, log = [] } = trial
  console.log(`${name}: ${JSON.stringify(facts)}`)
  for (const violation of violations) console.log(`     ! ${violation}`)
  for (const line of log) console.log(`     | ${line.slice(0, 400)}`)
}

function toTable(all: readonly Row[]): string {
  const head = ['work', 'figure', 'measured', 'met']
  const lines = all.map(({ work, wanted: figure, measured, isMet }) => [
    work,
    figure,
    measured,
    isMet ? 'yes' : '**no**',
  ])
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function minutes(milliseconds: number): string {
  return `${(milliseconds / 60_000).toFixed(1)} min`
}
