import { beforeEach, describe, expect, test } from 'vitest'
import { DeployError, type DeployErrorCode } from '../../src/errors.ts'
import type { Run } from '../../src/run.ts'
import { awaitEngine, type AwaitEngineOptions } from '../../src/steps/await-engine.ts'
import { type FakeClock, fakeClock } from '../../src/testing/fake-clock.ts'
import { type FakeEngine, fakeEngine } from '../../src/testing/fake-engine.ts'

const down = new DeployError('docker_unavailable', 'The Docker engine does not answer', { hint: 'Start it' })

let clock: FakeClock
let engine: FakeEngine
let log: string[]
let stopping: AbortController
beforeEach(() => {
  clock = fakeClock()
  engine = fakeEngine()
  log = []
  stopping = new AbortController()
})

/** Fails with these one after the other, then succeeds; `took`: what each attempt takes. */
function attempt(
  failures: readonly unknown[],
  { took = 0, ...options }: Partial<AwaitEngineOptions> & { readonly took?: number } = {},
): Promise<number> {
  const warn = (line: string): void => void log.push(line)
  const run: Run = {
    log: { debug() {}, info() {}, warn, error() {} },
    signal: stopping.signal,
    output() {},
    defer() {},
  }
  let attempts = 0
  const patiently = awaitEngine({ engine, clock, random: () => 0.5, patience: 300_000, run, ...options })
  return patiently(async () => {
    clock.advance(took)
    const failure = failures[attempts]
    attempts += 1
    if (failure !== undefined) throw failure
    return attempts
  })
}

describe('F25: an engine that does not answer', () => {
  test('is asked again after growing waits, visibly, and no longer once it answers', async () => {
    const back: number[] = []
    expect(
      await attempt(
        Array.from({ length: 5 }, () => down),
        { back: (away) => back.push(away) },
      ),
    ).toBe(6)
    expect(log).toEqual(
      [2, 4, 8, 15, 15].map(
        (pause) => `The Docker engine does not answer; trying again in ${pause} s, for 5 min at most`,
      ),
    )
    expect([clock.monotonic(), back]).toEqual([44_000, [44_000]])
  })

  test('is given up when patience is over, which begins with the first failure', async () => {
    const always = Array.from({ length: 100 }, () => down)
    await expect(attempt(always, { took: 1_000, patience: 10_000 })).rejects.toBe(down)
    expect(log).toEqual(
      [2, 4].map(
        (pause) => `The Docker engine does not answer; trying again in ${pause} s, for 10 s at most`,
      ),
    )
  })

  test('fails at once without patience', async () => {
    await expect(attempt([down], { patience: 0 })).rejects.toBe(down)
    expect([log, clock.monotonic()]).toEqual([[], 0])
  })

  test('is not waited for once the run is cancelled', async () => {
    const enough = new DeployError('cancelled', 'enough')
    const patiently = attempt([down, down], {
      clock: {
        ...clock,
        sleep(ms, signal) {
          stopping.abort(enough)
          return clock.sleep(ms, signal)
        },
      },
    })
    await expect(patiently).rejects.toBe(enough)
    expect(log).toHaveLength(1)
  })

  test.each<DeployErrorCode>(['timeout', 'compose_failed'])(
    'is found out behind a command that ended by %s, and named',
    async (code) => {
      engine.fail('version', down)
      const failure = new DeployError(code, 'docker compose did not end', { output: ['Recreate'] })
      await expect(attempt([failure], { patience: 0 })).rejects.toMatchObject({
        code: 'docker_unavailable',
        message: 'docker compose did not end; The Docker engine does not answer',
        hint: 'Start it',
        output: ['Recreate'],
        cause: failure,
      })
      expect(await attempt([failure])).toBe(2)
    },
  )
})

describe('what is no outage is not tried again', () => {
  const because = (cause: object): DeployError =>
    new DeployError('docker_unavailable', 'no', { cause: Object.assign(new Error('no'), cause) })

  test.each([
    ['a user who may not use the socket', because({ code: 'EACCES', syscall: 'connect' })],
    ['dockerode that is not there', because({ code: 'ERR_MODULE_NOT_FOUND' })],
    ['docker that is not there', because({ code: 'ENOENT', syscall: 'spawn docker' })],
    ['a refusal', because({ statusCode: 404 })],
    ['a command that failed while the engine answers', new DeployError('compose_failed', 'no')],
    ['any other error', new Error('no')],
  ])('%s', async (_, failure) => {
    await expect(attempt([failure])).rejects.toBe(failure)
    expect(log).toEqual([])
  })

  test.each([
    ['no socket', because({ code: 'ENOENT', syscall: 'connect' })],
    ['nobody who listens', because({ code: 'ECONNREFUSED', syscall: 'connect' })],
    ['an error of the engine', because({ statusCode: 500 })],
  ])('but %s is', async (_, failure) => {
    expect(await attempt([failure])).toBe(2)
  })
})
