// How plans, the journal and many apps grow:
// `node --conditions=@fairway/source bench/growth/main.ts [--full] [--rounds 7] [--json FILE]`; --full: 200 services, a million deliveries.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type AppsTime, appsTime } from './apps.ts'
import { type JournalTime, journalTimes } from './journals.ts'
import { type PlanTime, planTime } from './plans.ts'

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    json: { type: 'string' },
  },
})
const rounds = Number(values.rounds)

const plans: PlanTime[] = []
for (const services of values.full ? [1, 10, 50, 200] : [1, 10, 50]) {
  plans.push(await planTime(services, rounds))
  console.error(JSON.stringify(plans.at(-1)))
}
const journals = await journalTimes(values.full ? [1e3, 1e4, 1e5, 1e6] : [1e3, 1e4, 1e5], rounds * 3)
console.error(JSON.stringify(journals))
const apps: AppsTime[] = []
for (const count of [1, 10, 100, 1_000]) apps.push(await appsTime(count, rounds))

console.log(
  [
    table(['services', 'own, ms', 'with git and Compose, ms'], plans, ({ services, own, all }) => [
      services,
      own,
      all,
    ]),
    table(
      ['deliveries', '16 accepted, ms', 'newest 50 listed, ms'],
      journals,
      ({ deliveries, accept, list }) => [deliveries, accept, list],
    ),
    table(
      ['apps', 'configuration loaded, ms', 'apps of a delivery found, ms', 'catch-up decided, ms'],
      apps,
      ({ apps: count, load, resolve, catchUp }) => [count, load, resolve, catchUp],
    ),
  ].join('\n\n'),
)
if (values.json !== undefined)
  await writeFile(values.json, `${JSON.stringify({ plans, journals, apps }, null, 2)}\n`)
const missed = [...judgePlans(plans), ...judgeJournals(journals)]
for (const miss of missed) console.error(miss)
process.exitCode = missed.length > 0 ? 1 : 0

/** Under 200 ms, and growing no faster than the services, but for noise. */
function judgePlans(found: readonly PlanTime[]): readonly string[] {
  return found.flatMap(({ services, own }, at) => {
    const before = found[at - 1]
    const growth = before ? own / before.own / (services / before.services) : 0
    return [
      ...(own > 200
        ? [`A plan for ${services} services takes ${own.toFixed(0)} ms of Fairway's own, 200 wanted`]
        : []),
      ...(growth > 1.2
        ? [
            `A plan for ${services} services takes ${growth.toFixed(2)} for each of what it takes with ${before?.services}, 1 wanted`,
          ]
        : []),
    ]
  })
}

function judgeJournals([least, ...others]: readonly JournalTime[]): readonly string[] {
  return others.flatMap(({ deliveries, accept, list }) =>
    [
      ['accept', accept / (least?.accept ?? Number.NaN)] as const,
      ['list', list / (least?.list ?? Number.NaN)] as const,
    ].flatMap(([what, ratio]) =>
      ratio > 1.2
        ? [
            `With ${deliveries} deliveries, ${what} takes ${ratio.toFixed(2)} of what it takes with ${least?.deliveries}, 1.2 wanted`,
          ]
        : [],
    ),
  )
}

function table<T>(head: readonly string[], rows: readonly T[], cells: (row: T) => readonly number[]): string {
  const lines = rows.map((row) =>
    cells(row).map((value) => (Number.isInteger(value) ? `${value}` : value.toPrecision(3))),
  )
  return [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n')
}
