import type { ProcessId } from '@fairway/core'
import fc from 'fast-check'
import type { Accepted, Ending, Keep, Request } from '../../../src/journal/journal.ts'

/** One thing that somebody does. Deployments are named by their number in the order of their making. */
export type Operation =
  | { readonly do: 'accept'; readonly delivery: Accepted }
  | { readonly do: 'request'; readonly by: number; readonly request: Request }
  | { readonly do: 'replay'; readonly delivery: string }
  | { readonly do: 'next'; readonly by: number; readonly busy: readonly string[] }
  | { readonly do: 'started'; readonly by: number; readonly which: number }
  | { readonly do: 'stepEnded'; readonly which: number }
  | { readonly do: 'ended'; readonly which: number; readonly ending: Ending }
  | { readonly do: 'interrupted'; readonly which: number }
  | { readonly do: 'recover'; readonly dead: readonly number[]; readonly maxAttempts: number }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'prune'; readonly keep: Keep }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'reopen'; readonly by: number }

/** Three processes, of which any may die. */
export const processes: readonly ProcessId[] = [1, 2, 3].map((pid) => ({ pid, startTime: `${pid}` }))

export const apps: readonly string[] = ['shop', 'blog', 'wiki']
export const commits: readonly string[] = ['a', 'b', 'c'].map((letter) => letter.repeat(40))
const process = fc.nat({ max: processes.length - 1 })
const which = fc.nat({ max: 40 })

const content = {
  repository: fc.constant('acme/shop'),
  ref: fc.constantFrom('refs/heads/main', 'refs/heads/main', 'refs/heads/other'),
  pusher: fc.constant('ada'),
  after: fc.constantFrom(...commits),
  unlikely: fc.constantFrom([], ['shop'], ['blog', 'wiki']),
}
const push = fc.record(
  {
    ...content,
    manual: fc.constantFrom(
      {},
      { rebuild: true },
      { rebuild: false },
      { rollback: { reason: 'it is slow' } },
      { rollback: { reason: 'it is slow', to: 'c0ffee0' } },
    ),
  },
  { requiredKeys: ['repository', 'ref', 'pusher'] },
)
const plainPush = fc.record(content, { requiredKeys: ['repository', 'ref', 'pusher'] })
const id = fc.constantFrom('d1', 'd2', 'd3', 'd4', 'd5', 'd6')

const accepted: fc.Arbitrary<Accepted> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      id,
      event: fc.constant('push'),
      push: plainPush,
      apps: fc.subarray([...apps], { minLength: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ id, event: fc.constant('push'), push: plainPush, skipped: fc.constant('no') }),
  },
)

const ending: fc.Arbitrary<Ending> = fc.record({
  status: fc.constantFrom('success', 'success', 'failure', 'skipped', 'cancelled'),
  reason: fc.constantFrom(null, 'why'),
  commit: fc.constantFrom(null, ...commits),
})

/** Any operation, those that make and move deployments more often. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('accept' as const), delivery: accepted }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('next' as const),
      by: process,
      busy: fc.subarray([...apps], { maxLength: 1 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('started' as const), by: process, which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stepEnded' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ended' as const), which, ending }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('interrupted' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('recover' as const),
      dead: fc.subarray([0, 1, 2], { minLength: 1 }),
      maxAttempts: fc.constantFrom(1, 2, 10),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      by: process,
      request: fc.record(
        {
          app: fc.constantFrom(...apps),
          push,
          reason: fc.constant('missed while down'),
          claim: fc.boolean(),
        },
        { requiredKeys: ['app', 'push'] },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replay' as const), delivery: id }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('prune' as const),
      keep: fc.record({ deliveries: fc.constantFrom(0, 1_000, 100_000), deployments: fc.nat({ max: 3 }) }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 1_000, 50_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const), by: process }) },
)
