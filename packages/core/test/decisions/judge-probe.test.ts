import { describe, expect, test } from 'vitest'
import { type Asked, judgeProbe } from '../../src/decisions/judge-probe.ts'
import { parseProbe, type ProbeTarget } from '../../src/decisions/parse-probe.ts'
import { fakeContainer } from '../../src/testing/fake-engine.ts'

const target = parseProbe('http://web:8080/healthz') as ProbeTarget
const url = target.url
const ok = { ok: true, said: 'HTTP 200 OK', reached: true }
const broken = { ok: false, said: 'HTTP 500 Internal Server Error', reached: true }
const silent = { ok: false, said: 'no answer within 2 s', reached: false }

/** A replica, and what each question to it brought. */
function asked(name: string, ...answers: readonly (typeof ok)[]): Asked {
  const host = '172.18.0.2'
  return {
    container: fakeContainer({ service: 'web', id: name, name }),
    answers: answers.map((answer, index) => ({
      question: { protocol: 'http', host, port: 8080 + index, ...(index > 0 ? { isForwarded: true } : {}) },
      answer,
    })),
  }
}

describe('a probe', () => {
  test.each<[string, readonly Asked[], number, string, string]>([
    ['that is answered', [asked('web-1', ok)], 0, 'healthy', `web answers ${url}: HTTP 200 OK`],
    [
      'answered at its second address',
      [asked('web-1', silent, ok)],
      0,
      'healthy',
      `web answers ${url}: HTTP 200 OK`,
    ],
    [
      'that every replica answers',
      [asked('web-1', ok), asked('web-2', ok)],
      0,
      'healthy',
      `web answers ${url}: HTTP 200 OK`,
    ],
    [
      'that is not answered yet',
      [asked('web-1', broken)],
      9_999,
      'waiting',
      `web did not answer ${url} within 10 s of being up; last asked at 172.18.0.2:8080: HTTP 500 Internal Server Error`,
    ],
    [
      'that is not answered in time',
      [asked('web-1', broken)],
      10_000,
      'failed',
      `web did not answer ${url} within 10 s of being up; last asked at 172.18.0.2:8080: HTTP 500 Internal Server Error`,
    ],
    [
      'that one of several replicas does not answer',
      [asked('web-1', ok), asked('web-2', silent, broken)],
      10_000,
      'failed',
      `web-2, one of 2 of web, did not answer ${url} within 10 s of being up; last asked at 172.18.0.2:8080: no answer within 2 s, 172.18.0.2:8081 (its published port): HTTP 500 Internal Server Error`,
    ],
    ['that nobody is there to answer', [], 0, 'failed', `${url} cannot be asked: web has no container`],
    [
      'to which there is no way',
      [asked('web-1')],
      0,
      'failed',
      `${url} cannot be asked: there is no way to web-1 from here`,
    ],
  ])('%s', (_, replicas, elapsed, verdict, sentence) => {
    expect(judgeProbe({ target, replicas, elapsed, healthTimeout: 10_000 })).toMatchObject({
      verdict,
      sentence,
    })
  })

  test('that failed shows the containers that did not answer', () => {
    const replicas = [asked('web-1', ok), asked('web-2', broken)]
    const { failed, hint } = judgeProbe({ target, replicas, elapsed: 10_000, healthTimeout: 10_000 })
    expect(failed.map(({ name }) => name)).toEqual(['web-2'])
    expect(hint).toBeUndefined()
  })

  test('that never reached anything says what would help', () => {
    const judgement = judgeProbe({
      target,
      replicas: [asked('web-1', silent)],
      elapsed: 10_000,
      healthTimeout: 10_000,
    })
    expect(judgement.hint).toContain('publish port 8080')
  })
})
