import { expectTypeOf, test } from 'vitest'
import { pipeline, type Outcome, type Pipeline, type With } from '../src/pipeline.ts'
import type { Run } from '../src/run.ts'
import { skip, step, type Step } from '../src/step.ts'

// Never run: `types.test.ts` gives this file to the compiler, and every line below must be as it says.

interface App {
  readonly name: string
}
interface Pull {
  readonly after: string
}

declare const lock: Step<{ app: App }>
declare const pull: Step<{ app: App }, { pull: Pull }>
declare const build: Step<{ app: App; pull: Pull }, { image: string }>
declare const run: Run
declare const outcome: Outcome<{ app: App; pull: Pull }>

/** What a pipeline's steps find in its context. */
type ContextOf<P> = P extends Pipeline<infer _In, infer Ctx> ? Ctx : never

test('steps in order add up', () => {
  const deploy = pipeline<{ app: App }>().use(lock).use(pull).use(build)
  expectTypeOf<ContextOf<typeof deploy>>().toEqualTypeOf<{ app: App; pull: Pull; image: string }>()
  expectTypeOf(deploy.run({ app: { name: 'shop' } })).resolves.toEqualTypeOf<
    Outcome<{ app: App; pull: Pull; image: string }>
  >()
})

test('a step before the one that adds what it needs does not compile', () => {
  const start = pipeline<{ app: App }>()
  // @ts-expect-error `pull` isn't there yet
  expectTypeOf(start.use(build)).toBeObject()
  // @ts-expect-error it comes too late
  expectTypeOf(start.use(build).use(pull)).toBeObject()
  const other = start.use(pull)
  // @ts-expect-error what another pipeline was extended by doesn't count
  expectTypeOf(start.use(lock).use(build)).toBeObject()
  expectTypeOf(other.use(build)).toBeObject()
})

test('an input without what the first steps need does not compile', () => {
  // @ts-expect-error `app` is missing
  expectTypeOf(pipeline<{ delivery: string }>().use(pull)).toBeObject()
  // @ts-expect-error `app` is of another type
  expectTypeOf(pipeline<{ app: string }>().use(pull)).toBeObject()
  // @ts-expect-error `app` may be missing
  expectTypeOf(pipeline<{ app?: App }>().use(pull)).toBeObject()
})

test('a run must be given the whole input, and not what steps add', () => {
  const deploy = pipeline<{ app: App; ref: string }>().use(pull)
  expectTypeOf<Parameters<typeof deploy.run>[0]>().toEqualTypeOf<{ app: App; ref: string }>()
  // @ts-expect-error `ref` is missing
  void deploy.run({ app: { name: 'shop' } })
  // @ts-expect-error `pull` is added on the way
  void deploy.run({ app: { name: 'shop' }, ref: 'main', pull: { after: 'abc' } })
})

test('a key that is added again changes its type', () => {
  const counted = pipeline<{ app: App }>()
    .use('first', () => ({ built: 'yes' }))
    .use('second', () => ({ built: 2 }))
  expectTypeOf<ContextOf<typeof counted>>().toEqualTypeOf<{ app: App; built: number }>()

  const replaced = pipeline<{ app: App }>().use('forget', () => ({ app: 'shop' }))
  // @ts-expect-error `app` is a text by now
  replaced.use(pull)
})

test('a step that may add nothing adds optional keys', () => {
  const maybe = pipeline<{ app: App }>().use('maybe', ({ app }) =>
    app.name === 'shop' ? { pull: { after: 'abc' } } : undefined,
  )
  expectTypeOf<ContextOf<typeof maybe>>().toEqualTypeOf<{ app: App; pull?: { after: string } }>()
  // @ts-expect-error `pull` may be missing
  maybe.use(build)
})

test('a step that adds nothing leaves the context as it is', () => {
  const watched = pipeline<{ app: App }>()
    .use(lock)
    .use('returns nothing', () => {})
    .use('returns undefined', () => undefined)
    .use('waits and returns nothing', async ({ app }, { log }) => {
      await Promise.resolve()
      log.info(app.name)
    })
  expectTypeOf<ContextOf<typeof watched>>().toEqualTypeOf<{ app: App }>()
})

test('a promise adds what it resolves to', () => {
  const awaited = pipeline<{ app: App }>().use('wait', async () => {
    await Promise.resolve()
    return { pull: { after: 'abc' } }
  })
  expectTypeOf<ContextOf<typeof awaited>>().toEqualTypeOf<{ app: App; pull: { after: string } }>()
  awaited.use(build)
})

test('a skip adds nothing, beside what the step adds otherwise', () => {
  const followed = pipeline<{ app: App }>()
    .use('follow', ({ app }) => {
      if (app.name !== 'shop') return skip('not the shop')
      return { branch: 'main' }
    })
    .use('look', async ({ branch }) => {
      await Promise.resolve()
      if (branch === 'old') return skip('an old branch')
      return { commit: 'abc' }
    })
    .use('stop', ({ commit }) => {
      if (commit === 'abc') return skip('that one is known')
      // oxlint-disable-next-line typescript/consistent-return -- the form that `noImplicitReturns` asks for
      return
    })
    .use('always', () => skip('for today'))
  expectTypeOf<ContextOf<typeof followed>>().toEqualTypeOf<{ app: App; branch: string; commit: string }>()
})

test('the context of a function given to `use` is inferred', () => {
  pipeline<{ app: App }>()
    .use(pull)
    .use('look', (ctx, given) => {
      expectTypeOf(ctx).toEqualTypeOf<{ app: App; pull: Pull }>()
      expectTypeOf(given).toEqualTypeOf<Run>()
    })
    .use('look closer', async ({ pull: { after } }, { signal }) => {
      expectTypeOf(after).toEqualTypeOf<string>()
      await Promise.resolve(signal.aborted)
    })
    // @ts-expect-error nobody added `image`
    .use('look too far', ({ image }) => ({ image }))
})

test('a step can be called without any pipeline', () => {
  expectTypeOf(pull.run).parameters.toEqualTypeOf<[{ app: App }, Run]>()
  expectTypeOf(build.run({ app: { name: 'shop' }, pull: { after: 'abc' } }, run)).toExtend<object>()
  // @ts-expect-error `pull` is missing
  void build.run({ app: { name: 'shop' } }, run)
})

test('`step` infers what its function adds', () => {
  const named = step('named', ({ app }: { app: App }) => ({ length: app.name.length }))
  expectTypeOf(named).toEqualTypeOf<Step<{ app: App }, { length: number }>>()
  const silent = step('silent', ({ app }: { app: App }, { log }) => log.info(app.name))
  expectTypeOf(silent).toEqualTypeOf<Step<{ app: App }>>()
})

test('a step can be used where there is more than it needs', () => {
  const more = pipeline<{ app: App & { branch: string }; extra: number }>().use(pull)
  expectTypeOf<ContextOf<typeof more>>().toEqualTypeOf<{
    app: App & { branch: string }
    extra: number
    pull: Pull
  }>()
})

test('arrays and plain values are not what a step adds', () => {
  // @ts-expect-error an array, which would be spread by index
  pipeline<{ app: App }>().use('list', () => ['a', 'b'])
  // @ts-expect-error a readonly array
  pipeline<{ app: App }>().use('list', async () => ['a', 'b'] as const)
  // @ts-expect-error the promise of an array
  pipeline<{ app: App }>().use('list', () => Promise.resolve(['a', 'b']))
  // @ts-expect-error a text
  pipeline<{ app: App }>().use('word', () => 'abc')
  // @ts-expect-error the promise of a text
  pipeline<{ app: App }>().use('word', async () => 'abc')
  // @ts-expect-error a number
  pipeline<{ app: App }>().use('count', () => 3)
  // @ts-expect-error nothing, but in the wrong way
  pipeline<{ app: App }>().use('nothing', () => null)
  // @ts-expect-error no list can be named as what a step adds
  type Wrong = Step<{ app: App }, string[]>
  expectTypeOf<Wrong['name']>().toBeString()
})

test('the context is not to be written to', () => {
  const readonly = pipeline<{ readonly app: App }>()
  readonly.use('write', (ctx) => {
    // @ts-expect-error read-only
    ctx.app = { name: 'other' }
    expectTypeOf(ctx).toEqualTypeOf<{ readonly app: App }>()
  })
})

test('`With` is what a step makes of a context', () => {
  expectTypeOf<With<{ a: 1 }, { b: 2 }>>().toEqualTypeOf<{ a: 1; b: 2 }>()
  expectTypeOf<With<{ a: 1; b: 1 }, { b: 2 }>>().toEqualTypeOf<{ a: 1; b: 2 }>()
  expectTypeOf<With<{ a: 1 }, void>>().toEqualTypeOf<{ a: 1 }>()
  expectTypeOf<With<{ a: 1 }, undefined>>().toEqualTypeOf<{ a: 1 }>()
  expectTypeOf<With<{ a: 1; b: 1 }, { b: 2 } | undefined>>().toEqualTypeOf<{ a: 1; b?: 2 }>()
})

test('an outcome tells its fields by its status', () => {
  // @ts-expect-error only a success has the whole context
  expectTypeOf(outcome.ctx.pull.after).toBeString()
  if (outcome.status === 'success') expectTypeOf(outcome.ctx.pull.after).toEqualTypeOf<string>()
  if (outcome.status === 'skipped') expectTypeOf(outcome.reason).toEqualTypeOf<string>()
  if (outcome.status === 'failure' || outcome.status === 'cancelled') {
    expectTypeOf(outcome.error).toBeUnknown()
    expectTypeOf(outcome.ctx.pull).toEqualTypeOf<Pull | undefined>()
  }
})
