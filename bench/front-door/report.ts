import { inWords, spread, type Spread } from '../spread.ts'

/** One server under load for a while. */
export interface Turn {
  /** Deliveries a second. */
  readonly rate: number
  /** Microseconds of the server's CPU for each. */
  readonly cpu: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly rss: number
}

export interface Pair {
  readonly bare: Turn
  readonly fairway: Turn
}

export interface Summary {
  readonly connections: number
  readonly pairs: readonly Pair[]
  /** Fairway's by that of bare node:http, pair by pair. */
  readonly rate: Spread
  readonly cpu: Spread
}

/** What has to be reached, by number of connections. */
const targets: Readonly<Record<number, number>> = { 64: 0.4, 16: 0.25 }
const mostCpu = 2.2

export function summarize(connections: number, pairs: readonly Pair[]): Summary {
  return {
    connections,
    pairs,
    rate: spread(pairs.map(({ bare, fairway }) => fairway.rate / bare.rate)),
    cpu: spread(pairs.map(({ bare, fairway }) => fairway.cpu / bare.cpu)),
  }
}

export function toTable(summaries: readonly Summary[]): string {
  const rows = summaries.map(({ connections, pairs, rate, cpu }) => {
    const middle = (pick: (pair: Pair) => number): number => spread(pairs.map(pick)).median
    return [
      connections,
      whole(middle(({ bare }) => bare.rate)),
      whole(middle(({ fairway }) => fairway.rate)),
      inWords(rate),
      `${whole(middle(({ bare }) => bare.cpu))} / ${whole(middle(({ fairway }) => fairway.cpu))}`,
      inWords(cpu),
      `${middle(({ fairway }) => fairway.p50).toFixed(1)} / ${middle(({ fairway }) => fairway.p99).toFixed(1)}`,
      whole(middle(({ fairway }) => fairway.rss) / 1024 ** 2),
    ]
  })
  const head = [
    'connections',
    'bare, deliveries/s',
    'Fairway',
    'ratio',
    'CPU each, us',
    'ratio',
    'p50 / p99, ms',
    'RSS, MiB',
  ]
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** What was not reached, in words. */
export function judge(summaries: readonly Summary[]): readonly string[] {
  return summaries.flatMap(({ connections, rate, cpu }) => {
    const target = targets[connections]
    return [
      ...(target !== undefined && rate.median < target
        ? [`${connections} connections: ${rate.median.toFixed(2)} of bare node:http, ${target} wanted`]
        : []),
      ...(cpu.median > mostCpu
        ? [`${connections} connections: ${cpu.median.toFixed(2)} times its CPU, ${mostCpu} wanted at most`]
        : []),
    ]
  })
}

function whole(value: number): string {
  return value.toFixed(0)
}
