import type { Push } from '@fairway/core'
import type { FakeClock } from '@fairway/core/testing'
import { expect } from 'vitest'
import type { Accepted, Journal } from '../../../src/journal/journal.ts'

export type Make = () => Promise<Journal> | Journal
export type Open = (options: { readonly clock: FakeClock }) => Promise<Journal> | Journal

export const push: Push = { repository: 'acme/shop', ref: 'refs/heads/main', pusher: 'ada' }

export const everybodyDied = () => false
export const everybodyLives = () => true

export function delivery(id: string, ...apps: readonly string[]): Accepted {
  return { id, event: 'push', push, apps }
}

/** Queues a deployment of shop; gives its id. */
export async function queue(journal: Journal, id: string, changes: Partial<Push> = {}): Promise<string> {
  const { deployments } = await journal.accept({
    id,
    event: 'push',
    push: { ...push, ...changes },
    apps: ['shop'],
  })
  return deployments[0]?.id ?? ''
}

/** Hands out the next deployment and begins it; gives its id. */
export async function begin(journal: Journal): Promise<string> {
  const claim = await journal.next(new Set())
  const id = claim?.deployment.id ?? ''
  expect(await journal.started(id)).toBe(true)
  return id
}

/** Queues a deployment of shop and runs it to its end; gives its id. */
export async function deploy(
  journal: Journal,
  id: string,
  status: 'success' | 'failure' = 'success',
  commit: string | null = null,
): Promise<string> {
  const deployment = await queue(journal, id)
  await journal.next(new Set())
  await journal.started(deployment)
  await journal.ended(deployment, { status, reason: status === 'success' ? null : 'no', commit })
  return deployment
}
