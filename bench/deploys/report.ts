import { inWords, spread, type Spread } from '../spread.ts'

/** Milliseconds of every contestant in one round. */
export type Round = Readonly<Record<string, number>>

export interface Summary {
  readonly services: number
  readonly work: string
  readonly contestant: string
  /** Milliseconds, medians. */
  readonly script: number
  readonly fairway: number
  /** Of the script's time, round by round. */
  readonly ratio: Spread
  /** What it should be at most; absent where nothing is asked. */
  readonly goal?: number
}

/** What has to be reached, by contestant, work and number of services. */
const goals: Readonly<Record<string, number>> = {
  'server, nothing relevant, 3': 0.15,
  'command line, nothing relevant, 3': 0.45,
  'server, one source, 3': 0.65,
  'server, one source, 12': 0.4,
  'server, revert, 3': 0.65,
  'server, revert, 12': 0.4,
}

export function summarize(services: number, work: string, rounds: readonly Round[]): readonly Summary[] {
  const names = Object.keys(rounds[0] ?? {}).filter((name) => name !== 'script')
  return names.map((contestant) => {
    const goal = goals[`${contestant}, ${work}, ${services}`]
    return {
      services,
      work,
      contestant,
      script: spread(rounds.map((round) => round['script'] ?? Number.NaN)).median,
      fairway: spread(rounds.map((round) => round[contestant] ?? Number.NaN)).median,
      ratio: spread(
        rounds.map((round) => (round[contestant] ?? Number.NaN) / (round['script'] ?? Number.NaN)),
      ),
      ...(goal === undefined ? {} : { goal }),
    }
  })
}

export function toTable(summaries: readonly Summary[]): string {
  const head = ['services', 'work', 'by', 'script, ms', 'Fairway, ms', 'of the script', 'goal']
  const rows = summaries.map(({ services, work, contestant, script, fairway, ratio, goal }) => [
    services,
    work,
    contestant,
    script.toFixed(0),
    fairway.toFixed(0),
    inWords(ratio),
    goal === undefined ? '' : goal.toFixed(2),
  ])
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** What was not reached, in words. */
export function judge(summaries: readonly Summary[]): readonly string[] {
  return summaries.flatMap(({ services, work, contestant, ratio, goal }) =>
    goal !== undefined && ratio.median > goal
      ? [
          `${work}, ${services} services, ${contestant}: ${ratio.median.toFixed(2)} of the script, ${goal} wanted`,
        ]
      : [],
  )
}
