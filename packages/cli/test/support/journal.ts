import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Push } from '@fairway/core'
import { type Claim, type Deployment, deploymentLogs, type Ending, sqliteJournal } from '@fairway/server'
import { onTestFinished } from 'vitest'
import { folder } from '../support.ts'

/** A configuration of two apps, neither of which is checked out. */
export const twoApps = `apps:
  shop:
    repository: acme/shop
    path: ./shop
    branch: main
  blog:
    repository: acme/blog
    path: ./blog
    branch: main
`

export const commit = 'c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0c0ffe'

/** A folder with a configuration and a journal, which this process has open until the test ends. */
export interface JournalFolder {
  readonly directory: string
  readonly journal: ReturnType<typeof sqliteJournal>
  readonly logs: ReturnType<typeof deploymentLogs>
  /** A delivery of a push to main that made a queued deployment of shop. */
  readonly deliver: (delivery: string, changes?: Partial<Push>) => Promise<Deployment>
  /** The same, run by this process, and with an end if one is given. */
  readonly run: (delivery: string, ending?: Partial<Ending>) => Promise<Deployment>
  readonly close: () => Promise<void>
}

export async function journalFolder(): Promise<JournalFolder> {
  const directory = await folder({ 'fairway.yaml': twoApps })
  const dataDir = join(directory, '.fairway')
  const journal = sqliteJournal({ directory: dataDir })
  onTestFinished(() => journal.close())
  const deliver: JournalFolder['deliver'] = async (delivery, changes) => {
    const push: Push = {
      repository: 'acme/shop',
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after: commit,
      pusher: 'ada',
      ...changes,
    }
    const { deployments } = await journal.accept({ id: delivery, event: 'push', push, apps: ['shop'] })
    return get(deployments[0]?.id ?? '')
  }
  const get = async (id: string): Promise<Deployment> => {
    const deployment = await journal.deployment(id)
    if (!deployment) throw new Error(`There is no deployment ${id}`)
    return deployment
  }
  return {
    directory,
    journal,
    logs: deploymentLogs({ directory: dataDir }),
    deliver,
    async run(delivery, ending) {
      const { id } = await deliver(delivery)
      const claim = await journal.next(new Set())
      if (claim?.deployment.id !== id) throw new Error(`Not ${id} was handed out`)
      await journal.started(id)
      await journal.stepEnded(id, { name: 'lockCheckout', status: 'success', durationMs: 1.5 })
      if (ending) {
        await journal.ended(id, {
          status: 'success',
          reason: null,
          commit,
          subject: 'Fix it',
          author: 'Ada',
          ...ending,
        })
      }
      return get(id)
    },
    close: () => journal.close(),
  }
}

/** A journal whose server is this process. */
export async function served(): Promise<JournalFolder> {
  const found = await journalFolder()
  const lock = { pid: process.pid, since: new Date(), address: 'http://127.0.0.1:8000' }
  await writeFile(join(found.directory, '.fairway', 'server.lock'), JSON.stringify(lock))
  return found
}

/** Takes the next deployment from the queue, as a worker does. */
export async function next({ journal }: JournalFolder): Promise<Claim> {
  for (;;) {
    const claim = await journal.next(new Set())
    if (claim) return claim
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
