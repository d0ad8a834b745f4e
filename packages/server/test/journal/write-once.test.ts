import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryTables } from '../../src/journal/memory-tables.ts'
import { enqueue } from '../../src/journal/rules/enqueue.ts'
import { settle } from '../../src/journal/rules/settle.ts'
import { writeOnce } from '../../src/journal/sqlite/write-once.ts'
import type { Tables } from '../../src/journal/tables.ts'

const owner = { pid: 1, startTime: 'x' }
const now = (): string => '2026-01-31T12:00:00.000Z'

/** Tables in memory that note what is written to them. */
function noted(): { readonly tables: Tables; readonly writes: string[] } {
  const tables = memoryTables()
  const writes: string[] = []
  return {
    writes,
    tables: {
      ...tables,
      insert(row) {
        writes.push(`insert ${row.deployment.id} ${row.deployment.status}`)
        tables.insert(row)
      },
      update(row) {
        writes.push(`update ${row.deployment.id} ${row.deployment.status}`)
        tables.update(row)
      },
    },
  }
}

function rulesOver(tables: Tables) {
  let ids = 0
  return { tables, now, newId: () => `d${++ids}`, owner }
}

const push = (ref = 'refs/heads/main') => ({ repository: 'acme/shop', ref, pusher: 'ada' })

test('of those that give way to each other in one transaction, each is written once', () => {
  const { tables, writes } = noted()
  const once = writeOnce(tables)
  const rules = rulesOver(once.tables)
  once.kept.begin()
  for (let i = 0; i < 3; i++) enqueue(rules, { app: 'shop', push: push(), delivery: null })
  expect(writes).toEqual([])
  once.kept.flush()
  once.kept.end()
  expect(writes).toEqual(['insert d1 superseded', 'insert d2 superseded', 'insert d3 queued'])
})

test('outside of a transaction everything is written at once, and what was undone is forgotten', () => {
  const { tables, writes } = noted()
  const once = writeOnce(tables)
  const rules = rulesOver(once.tables)
  once.kept.begin()
  enqueue(rules, { app: 'shop', push: push(), delivery: null })
  once.kept.end()
  expect(once.tables.deployment('d1')).toBeUndefined()
  enqueue(rules, { app: 'shop', push: push(), delivery: null })
  expect(writes).toEqual(['insert d2 queued'])
})

const apps = ['shop', 'blog'] as const
const refs = ['refs/heads/main', 'refs/heads/next'] as const
const asked = fc.record({ app: fc.constantFrom(...apps), ref: fc.constantFrom(...refs) })
const action = fc.oneof(
  asked.map(
    ({ app, ref }) =>
      (tables: Tables, rules: ReturnType<typeof rulesOver>) =>
        enqueue({ ...rules, tables }, { app, push: push(ref), delivery: null }),
  ),
  fc.nat({ max: 30 }).map((number) => (tables: Tables) => {
    const row = tables.deployment(`d${number}`)
    if (row && row.deployment.endedAt === null)
      settle({ tables, now }, row, { status: 'failure', reason: 'no' })
    return row
  }),
  fc.nat({ max: 30 }).map((number) => (tables: Tables) => tables.removeDeployment(`d${number}`)),
  asked.map((of) => (tables: Tables) => tables.unsettled(of)),
  fc.constant((tables: Tables) => tables.unsettled()),
  fc.constantFrom(...apps).map((app) => (tables: Tables) => tables.deployments({ app })),
  fc.constantFrom(...apps).map((app) => (tables: Tables) => tables.firstWaiting(new Set([app]))),
  fc.constantFrom(...apps).map((app) => (tables: Tables) => tables.spareDeployments(app, 1, 10)),
  fc.nat({ max: 30 }).map((number) => (tables: Tables) => tables.deploymentsOf([`d${number}`])),
)

test('whatever is asked in between, and however it is split into transactions, the answers are the same', () => {
  fc.assert(
    fc.property(fc.array(fc.array(action, { maxLength: 12 }), { maxLength: 6 }), (transactions) => {
      const plain = memoryTables()
      const once = writeOnce(memoryTables())
      const [plainRules, onceRules] = [rulesOver(plain), rulesOver(once.tables)]
      for (const actions of transactions) {
        once.kept.begin()
        for (const act of actions) expect(act(once.tables, onceRules)).toEqual(act(plain, plainRules))
        once.kept.flush()
        once.kept.end()
        expect(once.tables.deployments({ limit: 100 })).toEqual(plain.deployments({ limit: 100 }))
      }
    }),
    { numRuns: 300 },
  )
})
