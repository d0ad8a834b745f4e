import type { AfterwardsFacts } from './after-bad-push.ts'
import type { ByHandFacts } from './by-hand.ts'
import type { Trial } from './in-lanes.ts'
import type { KillFacts } from './kill.ts'
import { killPhases } from './kill-plan.ts'
import type { MountFacts } from './mounts.ts'
import type { PruningFacts } from './pruning.ts'
import type { FaultFacts } from './wrong-success.ts'

/** One line of the table. */
export interface Row {
  readonly work: string
  readonly wanted: string
  readonly measured: string
  readonly isMet: boolean
}

type Trials<Facts> = readonly Trial<Facts>[]

export function rowsOfFaults(trials: Trials<FaultFacts>, count: number): readonly Row[] {
  const facts = factsOf(trials)
  const wrong = facts.filter(({ status }) => status === 'success').length
  const kinds = [...new Set(facts.map(({ fault }) => fault))]
  const isWhole = facts.length === count
  const back = (of: readonly FaultFacts[]): string => {
    const isBack = of.filter((one) => one.isBack).length
    const untouched = of.filter(({ fromPushMs }) => fromPushMs === null).length
    const aside = untouched === 0 ? '' : `; in ${untouched} its page never went away`
    return `${isBack} of ${of.length}; from the push ${times(of.map(({ fromPushMs }) => fromPushMs))}; from the failure ${times(of.map(({ fromFailureMs }) => fromFailureMs))}${aside}`
  }
  return [
    {
      work: `wrong "success": ${count} bad pushes of ${kinds.length} kinds`,
      wanted: '0',
      measured: `${wrong} of ${facts.length}`,
      isMet: isWhole && wrong === 0,
    },
    {
      work: 'the old version serves again by itself',
      wanted: `${count} of ${count}`,
      measured: back(facts),
      isMet: isWhole && isClean(trials) && facts.every(({ isBack }) => isBack),
    },
    ...kinds.map((kind): Row => {
      const own = facts.filter(({ fault }) => fault === kind)
      return {
        work: `- ${kind}`,
        wanted: 'all',
        measured: back(own),
        isMet: own.every(({ isBack }) => isBack),
      }
    }),
  ]
}

export function rowsOfByHand(trials: Trials<ByHandFacts>, rounds: number): readonly Row[] {
  const own = factsOf(trials).flatMap(({ ownMs }) => ownMs)
  const deployment = factsOf(trials).flatMap(({ deploymentMs }) => deploymentMs)
  const whole = factsOf(trials).flatMap(({ commandMs }) => commandMs)
  return [
    {
      work: `rollback by hand, three services, remote gone, no build, ${rounds} rounds`,
      wanted: "median of Fairway's and Compose's part under 5 s",
      measured: `${times(own)}; with the gate: ${times(deployment)}; the whole command: ${times(whole)}`,
      isMet: own.length === rounds && isClean(trials) && median(own) < 5_000,
    },
  ]
}

export function rowsOfAfterwards(trials: Trials<AfterwardsFacts>, count: number): readonly Row[] {
  const facts = factsOf(trials)
  const sum = (is: (one: AfterwardsFacts) => boolean): string =>
    `${facts.filter(is).length} of ${facts.length}`
  return [
    {
      work: `after a bad push and its rollback, ${count} kinds: an unrelated push, a fix, a revert`,
      wanted: 'bad content never serves; fix and revert deploy',
      measured: `bad content served: ${sum(({ badServed }) => badServed)}; unrelated push held: ${sum(({ unrelated }) => unrelated === 'skipped')}; fix deployed: ${sum(({ fix }) => fix === 'success')}; revert deployed: ${sum(({ revert }) => revert === 'success')}`,
      isMet: facts.length === count && isClean(trials),
    },
  ]
}

export function rowsOfMounts(trials: Trials<MountFacts>, count: number): readonly Row[] {
  const back = factsOf(trials).filter(({ isBack }) => isBack).length
  return [
    {
      work: 'bind-mounted directory, single file, both; by itself and by hand: the old content is back',
      wanted: 'yes',
      measured: `${back} of ${trials.length}`,
      isMet: back === count && isClean(trials),
    },
  ]
}

export function rowsOfPruning(trials: Trials<PruningFacts>, deploys: number): readonly Row[] {
  const facts = factsOf(trials)[0]
  const megabytes = facts?.bytes.map((size) => (size / 1e6).toFixed(1)) ?? []
  return [
    {
      work: `${deploys} deploys with pruning, an unrelated project's images beside it`,
      wanted: 'disk use bounded, foreign images untouched',
      measured: facts
        ? `images of the app after each deploy: ${facts.images.join(' ')}; MB: ${megabytes.join(' ')}; foreign images: ${facts.foreignAfter} of ${facts.foreignBefore}; whole engine before: ${facts.system[0]}; after: ${facts.system[1]}`
        : 'nothing',
      isMet: facts !== undefined && isClean(trials),
    },
  ]
}

export function rowsOfKills(trials: Trials<KillFacts>, count: number): readonly Row[] {
  const facts = factsOf(trials)
  const row = (work: string, own: readonly KillFacts[]): Row => ({
    work,
    wanted: 'a healthy version serves within 30 s of restart; the state is true',
    measured: `${own.filter(({ recoveryMs }) => recoveryMs !== null && recoveryMs <= 30_000).length} of ${own.length} serve in time; ${times(own.map(({ recoveryMs }) => recoveryMs))}; ended as ${tally(own.map(({ status }) => status))}; containers made after the restart: ${own.map(({ replaced }) => replaced).join(' ') || '-'}`,
    isMet: isClean(trials) && facts.length === count,
  })
  return [
    row(`kill -9 of the server, ${count} trials`, facts),
    ...killPhases.map((phase) => {
      const hit = facts.filter((one) => one.hit === phase)
      return row(`- hit at ${phase}`, hit)
    }),
  ]
}

function factsOf<Facts>(trials: Trials<Facts>): readonly Facts[] {
  return trials.flatMap(({ facts }) => (facts === undefined ? [] : [facts]))
}

function isClean(trials: Trials<unknown>): boolean {
  return trials.every(({ violations }) => violations.length === 0)
}

function times(all: readonly (number | null)[]): string {
  const known = all.filter((time) => time !== null)
  return known.length === 0 ? '-' : `median ${seconds(median(known))}, slowest ${seconds(Math.max(...known))}`
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`
}

function tally(words: readonly string[]): string {
  const counts = Map.groupBy(words, (word) => word)
  return [...counts].map(([word, all]) => `${word} ${all.length}`).join(', ') || '-'
}
