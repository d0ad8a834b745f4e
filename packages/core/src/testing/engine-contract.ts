import assert from 'node:assert/strict'
import type { Container } from '../domain/container.ts'
import type { Engine } from '../executors/engine.ts'
import type { MaybePromise } from '../step.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'

/** What the suite needs beside `engine`: a way to bring containers about in a project of their own. */
export interface EngineUnderTest {
  readonly engine: Engine
  readonly project: string
  /** Runs a container that writes these lines, then ends with the code, or goes on where there is none. */
  readonly start: (
    service: string,
    behaviour: { readonly lines?: readonly string[]; readonly exitCode?: number },
  ) => MaybePromise<void>
}

/** What every `Engine` keeps. */
export function engineContract(make: Make<EngineUnderTest>): readonly ContractCase[] {
  return contractCases(make, {
    'tells its version': async ({ engine }) => {
      assert.notEqual(await engine.version(), '')
    },

    'a project nobody started has no containers': async ({ engine, project }) => {
      assert.deepEqual(await engine.containers(`${project}none`), [])
    },

    'shows a container that runs': async ({ engine, project, start }) => {
      await start('web', {})
      const [web, ...others] = await engine.containers(project)
      assert.deepEqual(others, [])
      assert.deepEqual(pick(web), {
        service: 'web',
        state: 'running',
        restartCount: 0,
        restartPolicy: 'no',
        publishesPort: false,
      })
      assert.ok(Date.parse(web?.startedAt ?? '') > 0)
      assert.match(web?.image ?? '', /^sha256:/)
    },

    'shows one that ended, with its exit code': async ({ engine, project, start }) => {
      await start('job', { exitCode: 3 })
      const [job] = await engine.containers(project)
      assert.equal(job?.state, 'exited')
      assert.equal(job.exitCode, 3)
    },

    'gives the last lines in order, and no more than asked for': async ({ engine, project, start }) => {
      await start('job', { lines: ['one', 'two', 'drei ümlaut', 'four'], exitCode: 0 })
      const [job] = await engine.containers(project)
      assert.deepEqual(await engine.logs(job?.id ?? '', 3), ['two', 'drei ümlaut', 'four'])
      assert.deepEqual(await engine.logs(job?.id ?? '', 10), ['one', 'two', 'drei ümlaut', 'four'])
    },

    'answers nothing once it is cancelled': async ({ engine, project }) => {
      const signal = AbortSignal.abort(new Error('cancelled'))
      await assert.rejects(engine.containers(project, { signal }), /cancelled/)
    },
  })
}

function pick(container: Container | undefined): Partial<Container> {
  const { service, state, restartCount, restartPolicy, publishesPort } = container ?? ({} as Container)
  return { service, state, restartCount, restartPolicy, publishesPort }
}
