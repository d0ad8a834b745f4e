import assert from 'node:assert/strict'
import type { Probe } from '../executors/probe.ts'
import type { MaybePromise } from '../step.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'

/** What the suite needs beside `probe`: things that answer, each giving the port of 127.0.0.1 that it answers at. */
export interface ProbeUnderTest {
  readonly probe: Probe
  /** Answers http with this status. */
  readonly serve: (status: number) => MaybePromise<number>
  /** Takes connections and says nothing. */
  readonly listen: () => MaybePromise<number>
  /** Nobody is there. */
  readonly nobody: () => MaybePromise<number>
}

/** What every `Probe` keeps. */
export function probeContract(make: Make<ProbeUnderTest>): readonly ContractCase[] {
  const at = { host: '127.0.0.1' }
  return contractCases(make, {
    'takes a status from 200 to 399 for an answer, and no other': async ({ probe, serve }) => {
      for (const [status, ok] of [
        [200, true],
        [204, true],
        [302, true],
        [404, false],
        [500, false],
      ] as const) {
        const answer = await probe.ask({ ...at, protocol: 'http', port: await serve(status), path: '/' })
        assert.deepEqual([answer.ok, answer.reached], [ok, true])
        assert.match(answer.said, new RegExp(`^HTTP ${status}`))
      }
    },

    'takes a connection for an answer, where that is asked for': async ({ probe, listen }) => {
      const answer = await probe.ask({ ...at, protocol: 'tcp', port: await listen() })
      assert.deepEqual(answer, { ok: true, said: 'connected', reached: true })
    },

    'says that nobody is there': async ({ probe, nobody }) => {
      const port = await nobody()
      for (const protocol of ['http', 'tcp'] as const) {
        const answer = await probe.ask({ ...at, protocol, port })
        assert.deepEqual(answer, { ok: false, said: 'connection refused', reached: true })
      }
    },

    'asks nothing once it is cancelled': async ({ probe, listen }) => {
      const signal = AbortSignal.abort(new Error('cancelled'))
      const port = await listen()
      await assert.rejects(probe.ask({ ...at, protocol: 'tcp', port }, { signal }), /cancelled/)
    },
  })
}
