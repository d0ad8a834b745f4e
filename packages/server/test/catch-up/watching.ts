import { defineApp } from '@fairway/core'
import { fakeEngine, fakeGit } from '@fairway/core/testing'
import { afterEach, vi } from 'vitest'
import { type RunningCatchUp, startCatchUp } from '../../src/catch-up/catch-up.ts'
import { memoryJournal } from '../../src/journal/memory-journal.ts'
import { manualClock } from '../support/manual-clock.ts'
import { recordingLogger } from '../support/recording-logger.ts'

export const main = 'refs/heads/main'
export const minutes = 60_000

let running: RunningCatchUp | undefined
afterEach(() => running?.stop())

/** Apps of one repository, deployed at its first commit; `pushed` is a commit that nobody told of. */
export function watching({
  names = ['shop'],
  pause = 5 * minutes,
}: { names?: readonly string[]; pause?: number } = {}) {
  const [git, engine, journal, clock, log] = [
    fakeGit(),
    fakeEngine(),
    memoryJournal(),
    manualClock(),
    recordingLogger(),
  ]
  const apps = names.map((name) =>
    defineApp({ name, repository: `acme/${name}`, path: `/srv/${name}`, branch: 'main' }),
  )
  const commit = git.commit(main, { a: '1' })
  const state = { commit, services: {}, unsettled: [] }
  const deployAll = async (): Promise<void> => {
    for (const { path, name } of apps) {
      git.checkOut(path)
      await git.recordDeployed(path, name, state)
    }
  }
  const wake = vi.fn<() => void>()
  const start = (): void => {
    running = startCatchUp({
      apps: () => Promise.resolve(apps),
      pause: () => pause,
      git,
      engine,
      journal,
      clock,
      log,
      redact: (text) => text,
      wake,
    })
  }
  const asked = (): number => git.calls.filter((call) => call === `ask for ${main}`).length
  const queued = async () =>
    (await journal.deployments()).map(({ app, status, reason }) => `${app} ${status}: ${reason}`)
  /** Ends what is queued, as a worker would. */
  const end = async (status: 'success' | 'failure', commitOf: string | null): Promise<void> => {
    const claim = await journal.next(new Set())
    await journal.started(claim?.deployment.id ?? '')
    await journal.ended(claim?.deployment.id ?? '', { status, reason: status, commit: commitOf })
  }
  const now = (): RunningCatchUp | undefined => running
  return { now, git, engine, journal, clock, log, deployAll, start, wake, asked, queued, end, commit }
}

/** Lets everything that waits for nothing but itself go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10))
