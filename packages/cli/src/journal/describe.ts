import { cleanText } from '@fairway/core/basics'
import type { Deployment } from '@fairway/server'
import { paintStatus } from '../display/status.ts'
import { lasted } from '../display/when.ts'
import type { Paint } from '../terminal.ts'
import { shortId } from './short-ids.ts'

/** What a command calls a deployment: `deployment 1a2b3c4d of shop`. */
export function nameDeployment({ id, app }: Pick<Deployment, 'id' | 'app'>): string {
  return `deployment ${shortId(id)} of ${app}`
}

/** How a deployment ended, or how far it is, in a line. */
export function describeState(deployment: Deployment, paint: Paint): string {
  const { status, reason, commit, startedAt, endedAt } = deployment
  const time = startedAt !== null && endedAt !== null ? ` after ${lasted(startedAt, endedAt)}` : ''
  const what = commit === null ? '' : ` (commit ${commit.slice(0, 7)})`
  const [first = '', ...more] = (reason ?? '').split('\n').map((line) => cleanText(line, 2_000))
  const why = first === '' ? '' : [`: ${first}`, ...more].join('\n    ')
  const name = nameDeployment(deployment)
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${paintStatus(status, paint)(status)}${time}${what}${why}`
}
