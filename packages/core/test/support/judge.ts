import { expect, test } from 'vitest'
import { type HealthInput, type HealthJudgement, judgeHealth } from '../../src/decisions/judge-health.ts'
import type { Container } from '../../src/domain/container.ts'

const began = Date.parse('2026-01-31T12:00:00Z')
/** As `startedAt`: milliseconds after the deployment began to wait. */
export const at = (ms: number): string => new Date(began + ms).toISOString()
export const longAgo = at(-86_400_000)

/** A container of `web` that was started when the wait began. */
function container(changes: Partial<Container> = {}): Container {
  return {
    id: 'c1',
    name: 'shop-web-1',
    service: 'web',
    image: 'sha256:1',
    state: 'running',
    exitCode: 0,
    restartCount: 0,
    startedAt: at(0),
    restartPolicy: 'no',
    publishesPort: false,
    ...changes,
  }
}

export type Look = readonly [elapsed: number, ...containers: readonly Partial<Container>[]]

/** Looks several times, as the step does, and gives the last judgement. */
export function judge(looks: readonly Look[], changes: Partial<HealthInput> = {}): HealthJudgement {
  let judgement: HealthJudgement = { verdict: 'waiting', services: [], seen: new Map() }
  for (const [elapsed, ...containers] of looks) {
    judgement = judgeHealth({
      services: [{ name: 'web', replicas: 1 }],
      containers: containers.map(container),
      seen: judgement.seen,
      now: began + elapsed,
      elapsed,
      settle: 3_000,
      healthTimeout: 60_000,
      ...changes,
    })
  }
  return judgement
}

export type Row = readonly [
  name: string,
  looks: readonly Look[],
  verdict: HealthJudgement['verdict'],
  sentence: string,
]

/** A table test of one service. */
export function judgesEach(rows: readonly Row[]): void {
  test.each(rows)('%s', (_name, looks, verdict, sentence) => {
    const judgement = judge(looks)
    expect(judgement.services.map((service) => service.sentence)).toEqual([sentence])
    expect(judgement.verdict).toBe(verdict)
  })
}
