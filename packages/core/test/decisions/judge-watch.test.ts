import { expect, test } from 'vitest'
import { judgeWatch } from '../../src/decisions/judge-watch.ts'
import type { Container } from '../../src/domain/container.ts'
import { fakeContainer } from '../../src/testing/fake-engine.ts'

const web = (changes: Partial<Container> = {}): Container => fakeContainer({ service: 'web', ...changes })
const silent = (times: number) => ({ times, sentence: 'web did not answer http://web:8080/ (HTTP 500)' })
const answered = { times: 0, sentence: '' }

test.each<[string, Container, Container | undefined, 'fine' | 'bad' | 'over', string?]>([
  ['runs on', web(), web(), 'fine'],
  ['was started again by hand', web(), web({ startedAt: '2026-01-02T00:00:00.000Z' }), 'fine'],
  ['was restarted before it succeeded', web({ restartCount: 2 }), web({ restartCount: 2 }), 'fine'],
  ['was restarted since', web({ restartCount: 2 }), web({ restartCount: 3 }), 'bad', 'web was restarted'],
  ['was restarted twice', web(), web({ restartCount: 2 }), 'bad', 'web was restarted 2 times'],
  ['became unhealthy', web({ health: 'healthy' }), web({ health: 'unhealthy' }), 'bad', 'web is unhealthy'],
  ['starts anew after a restart by hand', web({ health: 'healthy' }), web({ health: 'starting' }), 'fine'],
  ['crashed', web(), web({ state: 'exited', exitCode: 3 }), 'bad', 'web exited with code 3'],
  ['was killed', web(), web({ state: 'exited', exitCode: 137 }), 'bad', 'web exited with code 137'],
  ['is dead', web(), web({ state: 'dead', exitCode: 1 }), 'bad', 'web is dead, exit code 1'],
  [
    'waits for its restart',
    web({ restartPolicy: 'always' }),
    web({ restartPolicy: 'always', state: 'restarting', exitCode: 9 }),
    'bad',
    'web is restarting, last exit code 9',
  ],
  [
    'published a port and is done',
    web({ publishesPort: true }),
    web({ publishesPort: true, state: 'exited' }),
    'bad',
    'web exited with code 0, though it publishes a port',
  ],
  [
    'had a healthcheck and is done',
    web({ health: 'healthy' }),
    web({ health: 'healthy', state: 'exited' }),
    'bad',
    'web exited with code 0, though it has a healthcheck',
  ],
  ['was a job and is done', web(), web({ state: 'exited' }), 'fine'],
  ['was a job already done', web({ state: 'exited' }), web({ state: 'exited', exitCode: 1 }), 'fine'],
  ['was stopped by hand', web(), web({ state: 'exited', exitCode: 143 }), 'over', 'web was stopped'],
  [
    'was stopped by hand, though its engine keeps it running',
    web({ restartPolicy: 'always' }),
    web({ restartPolicy: 'always', state: 'exited', exitCode: 137 }),
    'fine',
  ],
  ['was paused by hand', web(), web({ state: 'paused' }), 'over', 'web was paused'],
  ['is gone', web(), undefined, 'over', 'a container of web was removed'],
])('a container that %s', (_, before, now, verdict, sentence) => {
  const judgement = judgeWatch({ before: [before], now: now ? [now] : [], unanswered: answered })
  expect(judgement).toMatchObject({ verdict, ...(sentence === undefined ? {} : { sentence }) })
})

test('one that nobody watches says nothing', () => {
  const other = fakeContainer({ service: 'other', state: 'exited', exitCode: 1 })
  expect(judgeWatch({ before: [web()], now: [web(), other], unanswered: answered }).verdict).toBe('fine')
})

test('a probe may go unanswered twice in a row, not three times', () => {
  const judge = (times: number) => judgeWatch({ before: [web()], now: [web()], unanswered: silent(times) })
  expect([judge(1).verdict, judge(2).verdict]).toEqual(['fine', 'fine'])
  expect(judge(3)).toMatchObject({
    verdict: 'bad',
    sentence: 'web did not answer http://web:8080/ (HTTP 500), 3 times in a row',
  })
})

test('where somebody is at work by hand, what else is bad may be their doing', () => {
  const db = fakeContainer({ service: 'db' })
  const now = [web({ state: 'exited', exitCode: 1 }), { ...db, state: 'exited', exitCode: 143 } as const]
  expect(judgeWatch({ before: [web(), db], now, unanswered: answered }).verdict).toBe('over')
})
