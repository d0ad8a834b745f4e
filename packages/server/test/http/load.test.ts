import { setTimeout as pause } from 'node:timers/promises'
import { pushPayload, signedDelivery } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { memoryJournal } from '../../src/index.ts'
import { secret } from './support.ts'
import { listening } from './socket-support.ts'

/** A journal on a disk that is slow, and takes one write after the other. */
function slowJournal(ms: number) {
  const journal = memoryJournal()
  let before: Promise<unknown> = Promise.resolve()
  const accept: typeof journal.accept = (delivery) => {
    const stored = before.then(() => pause(ms)).then(() => journal.accept(delivery))
    before = stored
    return stored
  }
  return { ...journal, accept }
}

// How long they took is for `bench/front-door` to say, beside a server that does nothing else: here it depends on the machine.
test('V21: 500 deliveries within a second, on a slow disk: each is answered 202', async () => {
  const { url, journal, settled } = await listening({ journal: slowJournal(1) })
  await Promise.all(
    Array.from({ length: 500 }, async (_, i) => {
      await pause(i * 2)
      const delivery = signedDelivery({
        secret,
        payload: pushPayload({ after: (i + 1).toString(16).padStart(40, '0') }),
      })
      const init = {
        method: 'POST',
        headers: delivery.headers as Record<string, string>,
        body: new Uint8Array(delivery.body),
      }
      const answer = await fetch(`${url}/webhook`, init)
      await answer.text()
      expect(answer.status).toBe(202)
    }),
  )
  await settled()
  const deployments = await journal.deployments({ limit: 1_000 })
  expect(deployments).toHaveLength(500)
  expect(
    deployments.filter(({ status }) => status !== 'superseded').every(({ status }) => status === 'success'),
  ).toBe(true)
})
