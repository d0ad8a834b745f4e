import { expect, test } from 'vitest'
import { DeployError, isDeployError } from '../src/errors.ts'
import type { Clock } from '../src/executors/clock.ts'
import { pipeline, type RunEvent } from '../src/pipeline.ts'
import type { Logger, Run } from '../src/run.ts'
import { isSkip, skip, step } from '../src/step.ts'

test('runs the steps in order, each with what the earlier ones added', async () => {
  const outcome = await pipeline<{ app: string }>()
    .use('pull', ({ app }) => ({ commit: `${app}@1` }))
    .use('build', async ({ commit }) => {
      await Promise.resolve()
      return { image: `image of ${commit}` }
    })
    .use('look', () => {})
    .run({ app: 'shop' })
  expect(outcome).toEqual({
    status: 'success',
    ctx: { app: 'shop', commit: 'shop@1', image: 'image of shop@1' },
  })
})

test('a later value replaces an earlier one of the same name, and the input stays as it was', async () => {
  const input = { app: 'shop' }
  const outcome = await pipeline<{ app: string }>()
    .use('rename', ({ app }) => ({ app: app.length }))
    .use('count', ({ app }) => ({ app: app + 1 }))
    .run(input)
  expect(outcome.ctx).toEqual({ app: 5 })
  expect(input).toEqual({ app: 'shop' })
})

test('a pipeline without steps succeeds with its input', async () => {
  expect(await pipeline<{ app: string }>().run({ app: 'shop' })).toEqual({
    status: 'success',
    ctx: { app: 'shop' },
  })
})

test('`use` returns a new pipeline and leaves the old one as it was', async () => {
  const start = pipeline<{ app: string }>().use('pull', () => ({ commit: '1' }))
  const longer = start.use(step('build', ({ commit }: { commit: string }) => ({ image: commit })))
  const other = start.use('check', () => {})
  expect([start.steps, longer.steps, other.steps]).toEqual([['pull'], ['pull', 'build'], ['pull', 'check']])
  expect((await start.run({ app: 'shop' })).ctx).toEqual({ app: 'shop', commit: '1' })
})

test('one pipeline can run several times at once without mixing', async () => {
  const greet = pipeline<{ app: string }>()
    .use('wait', () => Promise.resolve())
    .use('greet', ({ app }) => ({ greeting: `hello ${app}` }))
  const outcomes = await Promise.all(['shop', 'blog'].map((app) => greet.run({ app })))
  expect(outcomes.map(({ ctx }) => ctx.greeting)).toEqual(['hello shop', 'hello blog'])
})

test('a skip ends the run with its reason, and nothing runs after it', async () => {
  const ran: string[] = []
  const outcome = await pipeline<{ app: string }>()
    .use('pull', () => ({ commit: '1' }))
    .use('decide', async () => skip('nothing changed'))
    .use('build', () => void ran.push('build'))
    .run({ app: 'shop' })
  expect(outcome).toEqual({
    status: 'skipped',
    step: 'decide',
    reason: 'nothing changed',
    ctx: { app: 'shop', commit: '1' },
  })
  expect(ran).toEqual([])
})

test('the commit that a skip looked at is in the outcome', async () => {
  const decide = pipeline<object>().use('decide', () => skip('nothing to do', { commit: 'abc' }))
  expect(await decide.run({})).toMatchObject({ status: 'skipped', reason: 'nothing to do', commit: 'abc' })
})

test('only what `skip` made is a skip', () => {
  expect(isSkip(skip('x'))).toBe(true)
  expect([{ reason: 'x' }, undefined, null, 'skip', () => skip('x')].filter(isSkip)).toEqual([])
})

const thrown: readonly (readonly [string, unknown])[] = [
  ['a DeployError', new DeployError('git_failed', 'Cannot fetch')],
  ['a bug', new TypeError('x is not a function')],
  ['a text', 'oops'],
  ['undefined', undefined],
  ['an object without a prototype', Object.create(null)],
]
for (const [what, error] of thrown) {
  test(`${what} that a step throws is the failure, and nothing runs after it`, async () => {
    const ran: string[] = []
    const failing = thrower(error)
    for (const run of [failing, async () => failing()]) {
      const outcome = await pipeline<{ app: string }>()
        .use('pull', () => ({ commit: '1' }))
        .use('build', run)
        .use('up', () => void ran.push('up'))
        .run({ app: 'shop' })
      expect(outcome).toEqual({ status: 'failure', step: 'build', error, ctx: { app: 'shop', commit: '1' } })
      expect('error' in outcome && outcome.error).toBe(error)
    }
    expect(ran).toEqual([])
  })
}

test('cancelling tells the step at work, and no later one starts', async () => {
  const ran: string[] = []
  const cancel = new AbortController()
  const outcome = await pipeline<{ app: string }>()
    .use('build', (_, { signal }) => {
      const told = new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('build stopped')))
      })
      cancel.abort(new DeployError('cancelled', 'cancelled by ada'))
      return told
    })
    .use('up', () => void ran.push('up'))
    .run({ app: 'shop' }, { signal: cancel.signal })
  expect(outcome).toMatchObject({ status: 'cancelled', step: 'build', error: { message: 'build stopped' } })
  expect(ran).toEqual([])
})

test('a step that takes no notice is let finish; the next one does not start', async () => {
  const ran: string[] = []
  const cancel = new AbortController()
  const outcome = await pipeline<{ app: string }>()
    .use('build', () => {
      cancel.abort('the server stops')
      return { image: '1' }
    })
    .use('up', () => void ran.push('up'))
    .run({ app: 'shop' }, { signal: cancel.signal })
  expect(outcome).toMatchObject({ status: 'cancelled', step: 'up', ctx: { image: '1' } })
  expect('error' in outcome && isDeployError(outcome.error, 'cancelled') && outcome.error.message).toBe(
    'the server stops',
  )
  expect(ran).toEqual([])
})

test('a run that is cancelled before it starts runs nothing', async () => {
  const ran: string[] = []
  const reason = new Error('too late')
  const outcome = await pipeline<{ app: string }>()
    .use('pull', () => void ran.push('pull'))
    .run({ app: 'shop' }, { signal: AbortSignal.abort(reason) })
  expect(outcome).toEqual({ status: 'cancelled', step: 'pull', error: reason, ctx: { app: 'shop' } })
  expect(ran).toEqual([])
})

test('cancelling after the last step changes nothing', async () => {
  const cancel = new AbortController()
  const outcome = await pipeline<{ app: string }>()
    .use('up', () => cancel.abort())
    .run({ app: 'shop' }, { signal: cancel.signal })
  expect(outcome.status).toBe('success')
})

const endings = {
  success: () => {},
  skipped: () => skip('enough'),
  failure: () => {
    throw new Error('no')
  },
} as const
for (const [status, end] of Object.entries(endings)) {
  test(`cleanups run newest first, one after the other, and are told the outcome: ${status}`, async () => {
    const told: string[] = []
    const later =
      (name: string) =>
      async (outcome: string): Promise<void> => {
        told.push(`${name} begins`)
        await new Promise((resolve) => setTimeout(resolve, 1))
        told.push(`${name}: ${outcome}`)
      }
    await pipeline<{ app: string }>()
      .use('lock', (_, { defer }) => {
        defer(later('unlock'))
        defer(later('close'))
      })
      .use('pull', (_, { defer }) => defer(later('tidy')))
      .use('end', () => end())
      .use('never', (_, { defer }) => defer(later('never')))
      .run({ app: 'shop' })
    const ran = told.filter((line) => !line.startsWith('never'))
    const expected = ['tidy', 'close', 'unlock'].flatMap((name) => [`${name} begins`, `${name}: ${status}`])
    expect(ran).toEqual(expected)
  })
}

test('what a step deferred before it failed or was cancelled runs all the same', async () => {
  const told: string[] = []
  const cancel = new AbortController()
  await pipeline<{ app: string }>()
    .use('lock', (_, { defer }) => {
      defer((outcome) => void told.push(outcome))
      cancel.abort()
      throw new Error('no')
    })
    .run({ app: 'shop' }, { signal: cancel.signal })
  expect(told).toEqual(['cancelled'])
})

test('a cleanup that throws replaces nothing: the others run, the outcome stays, the log tells', async () => {
  const log = recordingLog()
  const told: string[] = []
  const outcome = await pipeline<{ app: string }>()
    .use('lock', (_, { defer }) => {
      defer(() => void told.push('unlock'))
      defer(() => Promise.reject(new Error('disk full')))
      defer(() => {
        throw Object.create(null)
      })
    })
    .run({ app: 'shop' }, { log })
  expect(outcome.status).toBe('success')
  expect(told).toEqual(['unlock'])
  expect(log.lines).toEqual([
    'ERROR A cleanup after this run failed: [Object: null prototype] {}',
    'ERROR A cleanup after this run failed: disk full',
  ])
})

test('a cleanup may defer another one, which runs next', async () => {
  const told: string[] = []
  await pipeline<{ app: string }>()
    .use('lock', (_, { defer }) => {
      defer(() => void told.push('unlock'))
      defer(() => {
        told.push('tidy')
        defer(() => void told.push('tidy more'))
      })
    })
    .run({ app: 'shop' })
  expect(told).toEqual(['tidy', 'tidy more', 'unlock'])
})

test('an observer that throws disturbs nothing; the log tells', async () => {
  const log = recordingLog()
  const outcome = await pipeline<{ app: string }>()
    .use('pull', (_, { output }) => output('a line'))
    .run(
      { app: 'shop' },
      {
        log,
        observe({ type }) {
          throw new Error(`cannot show ${type}`)
        },
      },
    )
  expect(outcome).toEqual({ status: 'success', ctx: { app: 'shop' } })
  expect(log.lines).toEqual(
    ['step-started', 'output', 'step-ended'].map(
      (type) => `ERROR An observer of this run failed: cannot show ${type}`,
    ),
  )
})

test('never rejects, whatever fails: the cleanups run even with a log that throws', async () => {
  const fail = thrower(new Error('the log is full'))
  const told: string[] = []
  const outcome = await pipeline<{ app: string }>()
    .use('lock', (_, { defer }) => {
      defer((ended) => void told.push(ended))
      defer(fail)
    })
    .use('pull', (_, { log }) => log.info('pulling'))
    .run({ app: 'shop' }, { log: { debug: fail, info: fail, warn: fail, error: fail }, observe: fail })
  expect(outcome).toMatchObject({ status: 'failure', step: 'pull', error: { message: 'the log is full' } })
  expect(told).toEqual(['failure'])
})

test('an observer is told each step with its duration, and the lines of output in between', async () => {
  const clock = steppedClock()
  const events: RunEvent[] = []
  await pipeline<{ app: string }>()
    .use('pull', () => clock.pass(120))
    .use('build', (_, { output }) => {
      output('#1 building')
      clock.pass(3_000)
      output('#2 done')
    })
    .use('up', () => {
      clock.pass(7)
      throw new Error('no')
    })
    .use('never', () => {})
    .run({ app: 'shop' }, { clock, observe: (event) => void events.push(event) })
  expect(events).toEqual([
    { type: 'step-started', step: 'pull' },
    { type: 'step-ended', step: 'pull', status: 'success', durationMs: 120 },
    { type: 'step-started', step: 'build' },
    { type: 'output', step: 'build', line: '#1 building' },
    { type: 'output', step: 'build', line: '#2 done' },
    { type: 'step-ended', step: 'build', status: 'success', durationMs: 3_000 },
    { type: 'step-started', step: 'up' },
    { type: 'step-ended', step: 'up', status: 'failure', durationMs: 7 },
  ])
})

test('a skipped and a cancelled step end as such for the observer', async () => {
  const ended: string[] = []
  const observe = (event: RunEvent): void => {
    if (event.type === 'step-ended') ended.push(event.status)
  }
  const stop = pipeline<{ app: string }>().use('stop', () => skip('enough'))
  await stop.run({ app: 'shop' }, { observe })
  await stop.run({ app: 'shop' }, { observe, signal: AbortSignal.abort() })
  expect(ended).toEqual(['skipped', 'cancelled'])
})

test('the process groups that executors start are shared by the steps of one run, and of that one only', async () => {
  const seen: (readonly number[])[] = []
  const watch = pipeline<{ app: string }>()
    .use('lock', (_, { children, defer }) => {
      const stop = children?.watch((groups) => void seen.push(groups))
      defer(() => stop?.())
    })
    .use('pull', (_, { children }) => {
      children?.started(7)
      children?.started(8)
      children?.ended(7)
    })
  await watch.run({ app: 'shop' })
  expect(seen).toEqual([[], [7], [7, 8], [8]])
  seen.length = 0
  await watch.run({ app: 'blog' })
  expect(seen[0]).toEqual([])
})

test('a step works without any pipeline', async () => {
  const greet = step('greet', ({ app }: { app: string }, { log }) => {
    log.info(`greeting ${app}`)
    return app === 'shop' ? { greeting: `hello ${app}` } : skip('only the shop')
  })
  const log = recordingLog()
  const run: Run = { log, signal: new AbortController().signal, output: () => {}, defer: () => {} }
  expect(greet.name).toBe('greet')
  expect(await greet.run({ app: 'shop' }, run)).toEqual({ greeting: 'hello shop' })
  expect(await greet.run({ app: 'blog' }, run)).toEqual(skip('only the shop'))
  expect(log.lines).toEqual(['INFO greeting shop', 'INFO greeting blog'])
})

function thrower(error: unknown): () => never {
  return () => {
    throw error
  }
}

function recordingLog(): Logger & { readonly lines: readonly string[] } {
  const lines: string[] = []
  const write =
    (level: string) =>
    (message: string): void =>
      void lines.push(`${level} ${message}`)
  return { lines, debug: write('DEBUG'), info: write('INFO'), warn: write('WARNING'), error: write('ERROR') }
}

/** Stands still but for `pass`. */
function steppedClock(): Clock & { pass(ms: number): void } {
  let time = 1_000
  return {
    now: () => new Date(time),
    monotonic: () => time,
    sleep: () => Promise.resolve(),
    pass(ms) {
      time += ms
    },
  }
}

test('a rescue runs after a failing step and before the cleanups, sees what was there, and its answer is the error told', async () => {
  const ran: string[] = []
  const events: string[] = []
  const outcome = await pipeline<{ app: string }>()
    .use('lock', (_, { defer }) => {
      defer((status) => void ran.push(`unlock after ${status}`))
      return { locked: true }
    })
    .use('up', ({ app }) => {
      throw new DeployError('unhealthy', `${app} is unhealthy`)
    })
    .use('record', () => void ran.push('record'))
    .rescue('rollback', ({ step: failed, error, ctx }, { output }) => {
      output('going back')
      ran.push(`rescue ${failed} of ${ctx.app}, locked ${ctx.locked}`)
      return new DeployError('unhealthy', `${(error as Error).message}; rolled back`)
    })
    .run(
      { app: 'shop' },
      {
        observe: (event) =>
          void events.push([event.type, event.step, 'status' in event ? event.status : ''].join(' ').trim()),
      },
    )
  expect(outcome).toMatchObject({
    status: 'failure',
    step: 'up',
    error: { message: 'shop is unhealthy; rolled back' },
  })
  expect(ran).toEqual(['rescue up of shop, locked true', 'unlock after failure'])
  expect(events.slice(-3)).toEqual([
    'step-started rollback',
    'output rollback',
    'step-ended rollback success',
  ])
})

test('a rescue that gives nothing, or fails itself, leaves the error there was, and the log tells its own', async () => {
  const complaints: string[] = []
  const quiet = (): void => {}
  const log: Logger = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (message) => void complaints.push(message),
  }
  const outcome = await pipeline<{ app: string }>()
    .use('up', () => {
      throw new DeployError('unhealthy', 'web is unhealthy')
    })
    .rescue('look', () => {})
    .rescue('rollback', () => {
      throw new DeployError('not_found', 'there is no release')
    })
    .run({ app: 'shop' }, { log })
  expect(outcome).toMatchObject({ status: 'failure', step: 'up', error: { message: 'web is unhealthy' } })
  expect(complaints).toEqual(['rollback failed: there is no release'])
})

test('a rescue that has nothing to do is skipped, and one that fails may tell both failures', async () => {
  const events: string[] = []
  const outcome = await pipeline<{ app: string }>()
    .use('up', () => {
      throw new DeployError('unhealthy', 'web is unhealthy')
    })
    .rescue('look', () => skip('nothing was touched'))
    .rescue('rollback', ({ error }) => {
      throw new DeployError('rollback_failed', 'neither of them', { cause: error })
    })
    .rescue('tell', ({ error }) => void events.push(`told ${(error as Error).message}`))
    .run(
      { app: 'shop' },
      {
        observe: (event) =>
          void (event.type === 'step-ended' && events.push(`${event.step} ${event.status}`)),
      },
    )
  expect(outcome).toMatchObject({ status: 'failure', step: 'up', error: { code: 'rollback_failed' } })
  expect(events).toEqual([
    'up failure',
    'look skipped',
    'rollback failure',
    'told neither of them',
    'tell success',
  ])
})

test('a run that is cancelled while a rescue is at work ends so, and no other rescue begins', async () => {
  const ran: string[] = []
  const controller = new AbortController()
  const outcome = await pipeline<{ app: string }>()
    .use('up', () => {
      throw new DeployError('unhealthy', 'web is unhealthy')
    })
    .rescue('rollback', (_, { signal }) => {
      controller.abort(new DeployError('cancelled', 'the server stops'))
      signal.throwIfAborted()
    })
    .rescue('tell', () => void ran.push('told'))
    .run({ app: 'shop' }, { signal: controller.signal })
  expect(outcome).toMatchObject({ status: 'cancelled', step: 'rollback' })
  expect(ran).toEqual([])
})

test('no rescue runs for what succeeded, was skipped or was cancelled', async () => {
  const ran: string[] = []
  const rescue = (): void => void ran.push('rescue')
  const start = pipeline<{ app: string }>().rescue('rollback', rescue)
  await start.use('fine', () => {}).run({ app: 'shop' })
  await start.use('skips', () => skip('nothing changed')).run({ app: 'shop' })
  const controller = new AbortController()
  const cancelled = await start
    .use('stops', () => {
      controller.abort(new DeployError('cancelled', 'enough'))
      throw new Error('broken off')
    })
    .run({ app: 'shop' }, { signal: controller.signal })
  expect([cancelled.status, ran]).toEqual(['cancelled', []])
})
