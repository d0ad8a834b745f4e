import type { Accepted, Deployment, Ending, Keep, Request } from '../../../src/journal/journal.ts'

/** What the model knows of a deployment. */
interface Entry {
  readonly id: string
  readonly app: string
  readonly push: Request['push']
  readonly delivery: string | null
  status: Deployment['status']
  reason: string | null
  commit: string | null
  attempt: number
  holder: number | null
  wanted: string | null
  interruptions: number
  steps: number
  supersededBy: string | null
}

interface Delivery {
  readonly id: string
  readonly receivedAt: number
  skipped: string | null
  apps: readonly string[]
  push: Request['push'] | undefined
  made: readonly string[]
}

const final = new Set(['success', 'failure', 'skipped', 'cancelled', 'superseded'])

/** The journal's rules once more, as plainly as they can be said: one list, every question a loop over all of it. */
export class Model {
  entries: Entry[] = []
  deliveries: Delivery[] = []
  readonly endedFor = new Set<string>()
  readonly deployed = new Set<string>()
  made = 0
  now = 0

  accept(accepted: Accepted): unknown {
    const seen = this.deliveries.find(({ id }) => id === accepted.id)
    const superseded: string[] = []
    const fresh: string[] = []
    const deployments = ('apps' in accepted ? accepted.apps : []).map((app) => {
      const last = this.entries.findLast((entry) => entry.app === app && seen?.made.includes(entry.id))
      if (last && !['failure', 'cancelled', 'skipped'].includes(last.status)) return brief(last)
      const entry = this.add(app, accepted.push as Request['push'], accepted.id, null, null, superseded)
      fresh.push(entry.id)
      return brief(entry)
    })
    if (fresh.length > 0 || !seen) {
      const delivery = seen ?? {
        id: accepted.id,
        receivedAt: this.now,
        made: [] as readonly string[],
        skipped: null,
        apps: [],
        push: undefined,
      }
      if (!seen) this.deliveries.push(delivery)
      delivery.made = [...delivery.made, ...fresh]
      delivery.skipped = 'skipped' in accepted ? accepted.skipped : null
      delivery.apps = 'apps' in accepted ? accepted.apps : []
      delivery.push = accepted.push
    }
    return { deployments, duplicate: deployments.length > 0 && fresh.length === 0, superseded }
  }

  replay(id: string): unknown {
    const delivery = this.deliveries.find((one) => one.id === id)
    if (!delivery) return 'not_found'
    const superseded: string[] = []
    const fresh = delivery.apps.map((app) =>
      this.add(app, delivery.push as Request['push'], id, null, null, superseded),
    )
    delivery.made = [...delivery.made, ...fresh.map((entry) => entry.id)]
    return { deployments: fresh.map(brief), duplicate: false, superseded }
  }

  request(by: number, { app, push, reason, claim }: Request): string {
    return this.add(app, push, null, reason ?? null, claim ? by : null, []).id
  }

  next(by: number, busy: ReadonlySet<string>): string | undefined {
    const entry = this.entries.find((one) => waits(one) && one.holder === null && !busy.has(one.app))
    if (!entry) return undefined
    this.take(entry, by)
    return entry.id
  }

  started(by: number, id: string): boolean {
    const entry = this.entries.find((one) => one.id === id)
    if (!entry || (entry.holder !== null && entry.holder !== by) || final.has(entry.status)) return false
    if (waits(entry)) {
      if (entry.holder === null) this.take(entry, by)
      entry.status = 'in_progress'
    }
    return true
  }

  stepEnded(id: string): void {
    const entry = this.entries.find((one) => one.id === id)
    if (entry && !final.has(entry.status)) entry.steps++
  }

  ended(id: string, { status, reason, commit }: Ending): void {
    const entry = this.entries.find((one) => one.id === id)
    if (!entry) return
    if (!final.has(entry.status)) {
      entry.commit = commit
      this.finish(entry, status, reason)
    }
    entry.holder = null
  }

  interrupted(id: string): void {
    const entry = this.entries.find((one) => one.id === id)
    if (!entry) return
    if (!final.has(entry.status)) this.giveBack(entry, Infinity)
    entry.holder = null
  }

  recover(dead: readonly number[], maxAttempts: number): readonly string[] {
    const touched: string[] = []
    for (const entry of this.entries.toReversed()) {
      const isDead = entry.holder !== null && dead.includes(entry.holder)
      if (final.has(entry.status)) {
        if (isDead) entry.holder = null
      } else if (isDead) {
        this.giveBack(entry, maxAttempts)
        touched.unshift(entry.id)
      } else if (entry.holder === null && entry.interruptions >= maxAttempts) {
        this.finish(entry, 'failure', `was interrupted ${entry.interruptions} times`)
        touched.unshift(entry.id)
      }
    }
    return touched
  }

  cancel(id: string, reason: string): string | undefined {
    const entry = this.entries.find((one) => one.id === id)
    if (entry?.status === 'in_progress') entry.wanted ??= reason
    else if (entry && !final.has(entry.status)) this.finish(entry, 'cancelled', reason, entry.holder)
    return entry?.status
  }

  cancellations(): readonly (readonly [string, string])[] {
    return this.entries
      .filter(({ holder, status, wanted }) => holder !== null && (final.has(status) || wanted !== null))
      .map((entry) => [
        entry.id,
        final.has(entry.status) ? (entry.reason ?? entry.status) : (entry.wanted ?? ''),
      ])
  }

  prune({ deliveries, deployments }: Keep): unknown {
    const open = new Set(this.entries.filter(({ status }) => !final.has(status)).map(({ id }) => id))
    const kept = this.deliveries.filter(
      ({ receivedAt, made }) => receivedAt >= this.now - deliveries || made.some((id) => open.has(id)),
    )
    const gone = new Set<string>()
    for (const app of new Set(this.entries.map((entry) => entry.app))) {
      const ended = this.entries.filter((entry) => entry.app === app && final.has(entry.status)).toReversed()
      const success = ended.find(({ status }) => status === 'success')
      for (const entry of ended.slice(deployments)) if (entry !== success) gone.add(entry.id)
    }
    const counts = { deliveries: this.deliveries.length - kept.length, deployments: [...gone].toSorted() }
    this.deliveries = kept
    this.entries = this.entries.filter(({ id }) => !gone.has(id))
    return counts
  }

  /** What can be seen of all of it. */
  view(): readonly unknown[] {
    return this.entries.toReversed().map((entry) => {
      const { id, app, status, reason, commit, attempt, delivery, supersededBy, steps } = entry
      return { id, app, status, reason, commit, attempt, delivery, supersededBy, steps }
    })
  }

  private add(
    app: string,
    push: Request['push'],
    delivery: string | null,
    reason: string | null,
    holder: number | null,
    superseded: string[],
  ): Entry {
    const id = `deployment-${String(++this.made).padStart(3, '0')}`
    for (const older of this.entries) {
      if (older.app !== app || !waits(older) || !answersFor(push, older.push, app)) continue
      older.supersededBy = id
      this.finish(older, 'superseded', `superseded by ${id}`, older.holder)
      superseded.push(older.id)
    }
    const entry: Entry = {
      id,
      app,
      push,
      delivery,
      reason,
      holder,
      status: 'queued',
      commit: null,
      attempt: 1,
      wanted: null,
      interruptions: 0,
      steps: 0,
      supersededBy: null,
    }
    this.entries.push(entry)
    return entry
  }

  private take(entry: Entry, by: number): void {
    if (entry.status === 'interrupted') {
      entry.attempt++
      entry.steps = 0
    }
    entry.holder = by
  }

  private giveBack(entry: Entry, maxAttempts: number): void {
    const { wanted } = entry
    entry.interruptions++
    const later = this.entries.slice(this.entries.indexOf(entry) + 1)
    const newer = later.findLast(
      (one) => one.app === entry.app && waits(one) && answersFor(one.push, entry.push, entry.app),
    )
    if (wanted !== null) this.finish(entry, 'cancelled', wanted)
    else if (entry.interruptions >= maxAttempts) {
      this.finish(entry, 'failure', `was interrupted ${entry.interruptions} times`)
    } else if (newer) {
      entry.supersededBy = newer.id
      this.finish(entry, 'superseded', `superseded by ${newer.id}`)
    } else entry.status = 'interrupted'
    entry.holder = null
  }

  private finish(
    entry: Entry,
    status: Entry['status'],
    reason: string | null,
    holder: number | null = null,
  ): void {
    Object.assign(entry, { status, reason, holder, wanted: null })
    if (status === 'success') this.deployed.add(entry.app)
    const pushed = status === 'skipped' ? undefined : entry.push.after
    const commit = status === 'superseded' ? undefined : (entry.commit ?? pushed)
    if (commit) this.endedFor.add(`${entry.app} ${commit}`)
  }
}

function brief({ id, app, status }: Entry): Pick<Entry, 'id' | 'app' | 'status'> {
  return { id, app, status }
}

function waits({ status }: Entry): boolean {
  return status === 'queued' || status === 'interrupted'
}

function answersFor(newer: Request['push'], older: Request['push'], app: string): boolean {
  if (newer.ref !== older.ref) return false
  if (newer.unlikely?.includes(app)) return false
  if (newer.manual?.rollback || older.manual?.rollback) {
    const ways = [newer.manual?.rollback, older.manual?.rollback].map((back) => back && `to ${back.to}`)
    return ways[0] !== undefined && ways[0] === ways[1]
  }
  if (!older.manual) return true
  if (!newer.manual) return false
  return newer.manual.rebuild === true || older.manual.rebuild !== true
}
