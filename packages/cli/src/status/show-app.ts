import type { Container, Release } from '@fairway/core'
import { cleanText, describeHeld, describeHold } from '@fairway/core/basics'
import type { Deployment } from '@fairway/server'
import { planSummary } from '../display/plan-summary.ts'
import { paintStatus } from '../display/status.ts'
import type { Cell } from '../display/line.ts'
import { ago, localTime } from '../display/when.ts'
import { shortId } from '../journal/short-ids.ts'
import type { Paint } from '../terminal.ts'
import type { AppStatus } from './app-status.ts'

type Line = readonly (Cell | string)[]

/** Where an app stands, in lines: the most important first, as a narrow terminal cuts them. */
export function showApp(status: AppStatus, paint: Paint, now: Date): readonly Line[] {
  const { app, branch, deployed, last, inProgress, queued, containers, lock, unknown } = status
  const { holds, releases, release } = status
  const when = (time: string): string => `${ago(time, now)}, ${localTime(time)}`
  const field = (title: string, ...cells: Line): Line => [`  ${title.padEnd(11)} `, ...cells]
  const waiting = (deployment: Deployment): string => {
    const { id, attempt, startedAt, createdAt, plan } = deployment
    const does = plan ? `: ${planSummary(plan, false)}` : ''
    return `${shortId(id)}, ${when(startedAt ?? createdAt)}${attempt > 1 ? `, attempt ${attempt}` : ''}${does}`
  }
  return [
    [{ text: app, paint: (text) => paint('bold', text) }],
    field('follows', branch === null ? 'a branch that is not known yet' : cleanText(branch)),
    ...showHolds(holds).map((because) =>
      field('hold', { text: because, paint: (text) => paint('yellow', text) }),
    ),
    field('deployed', deployed === null ? 'nothing yet' : showDeployed(deployed, when)),
    ...(last === null ? [] : [field('last', ...showLast(last, paint, when))]),
    // Whoever works on one has the lock.
    ...inProgress.map((deployment) => field(lock === null ? 'unfinished' : 'at work', waiting(deployment))),
    ...queued.map((deployment) => field(deployment.status, waiting(deployment))),
    ...(lock === null ? [] : [field('lock', `${lock.who} (pid ${lock.pid}), ${when(lock.since)}`)]),
    ...containers.map((container) => field('container', ...showContainer(container, paint))),
    ...releases.map((one) => field('release', showRelease(one, one.id === release, when))),
    ...unknown.map((what) => field('unknown', what)),
  ]
}

function showDeployed(
  { commit, deployment }: NonNullable<AppStatus['deployed']>,
  when: (time: string) => string,
): string {
  const { subject = null, author = null, endedAt = null } = deployment ?? {}
  return [
    commit.slice(0, 7),
    ...(subject === null ? [] : [` ${cleanText(subject)}`]),
    ...(author === null ? [] : [` (${cleanText(author)})`]),
    ...(endedAt === null ? [] : [`, ${when(endedAt)}`]),
  ].join('')
}

function showHolds({ app, content }: AppStatus['holds']): readonly string[] {
  const all = [...(app ? [describeHold(app)] : []), ...content.map(describeHeld)]
  return all.map((because) => cleanText(because, 1_000))
}

function showRelease(
  { commit, at, deployment }: Release,
  isDeployed: boolean,
  when: (time: string) => string,
): string {
  const whose = deployment === undefined ? '' : `, deployment ${shortId(deployment)}`
  return `${commit.slice(0, 7)}, ${when(at)}${whose}${isDeployed ? ', deployed' : ''}`
}

function showLast(
  { id, status, reason, endedAt, plan }: Deployment,
  paint: Paint,
  when: (time: string) => string,
): Line {
  const did = plan && status === 'success' ? [planSummary(plan, true)] : []
  const said = [...did, ...(reason === null ? [] : [cleanText(reason.split('\n')[0] ?? '')])]
  const why = said.length === 0 ? '' : `: ${said.join('; ')}`
  const cell = { text: status, paint: paintStatus(status, paint) }
  return [cell, ` ${shortId(id)}, ${when(endedAt ?? '')}${why}`]
}

function showContainer({ name, state, health, exitCode, restartCount }: Container, paint: Paint): Line {
  const isUp = state === 'running' && health !== 'unhealthy'
  const hasEnded = state === 'exited' || state === 'dead'
  const colour = isUp ? 'green' : hasEnded && exitCode === 0 ? 'yellow' : 'red'
  const text = `${state}${hasEnded ? ` (${exitCode})` : ''}`
  const more = health === undefined ? '' : `, ${health}`
  const restarts = restartCount === 0 ? '' : `, restarted ${restartCount} times`
  return [`${cleanText(name)} `, { text, paint: (shown) => paint(colour, shown) }, `${more}${restarts}`]
}
