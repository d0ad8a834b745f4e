import { phases, targets } from './plan.ts'
import type { TrialResult } from './trial.ts'

const places = {
  accept: ['F1', 'between accept and start'],
  fetch: ['F2', 'during fetch'],
  checkout: ['F3', 'during checkout of 1,500 files'],
  build: ['F5', 'during build'],
  recreate: ['F6', 'during recreate'],
} as const

const ways = {
  server: 'kill -9 of the server alone',
  tree: 'kill -9 of all its processes',
  stop: 'SIGTERM',
} as const

/** Trials by what was done to the server, as a table in Markdown. */
export function toTable(results: readonly TrialResult[]): string {
  const rows = phases.flatMap((phase) =>
    targets.map((target) => {
      const [number, place] = places[phase]
      const own = results.filter(({ plan }) => plan.phase === phase && plan.target === target)
      return row(`${target === 'stop' ? 'F27' : number}: ${ways[target]} ${place}`, own)
    }),
  )
  const head = [
    'fault',
    'trials',
    'in that phase',
    'deliveries sent',
    'answered 2xx',
    'lost',
    'recovered by itself',
    'median',
    'slowest',
  ]
  return [head, head.map(() => '---'), ...rows, row('**all**', results)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function row(title: string, results: readonly TrialResult[]): readonly (string | number)[] {
  const times = results
    .flatMap(({ recoveryMs }) => (recoveryMs === null ? [] : [recoveryMs]))
    .toSorted((one, other) => one - other)
  const sum = (pick: (result: TrialResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0)
  return [
    title,
    results.length,
    results.filter(({ hit, plan }) => hit === plan.phase).length,
    sum(({ sent }) => sent),
    sum(({ accepted }) => accepted),
    sum(({ lost }) => lost),
    `${results.filter(({ recovered }) => recovered).length} of ${results.length}`,
    seconds(times[Math.floor(times.length / 2)]),
    seconds(times.at(-1)),
  ]
}

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '-' : `${(milliseconds / 1000).toFixed(1)} s`
}
