import { cleanText } from '@fairway/core/basics'
import type { MadeBy } from '@fairway/server'
import { ago, localTime } from '../display/when.ts'
import { shortId } from '../journal/short-ids.ts'
import type { Origin } from './origin-of.ts'

/** Where a container comes from, in lines. */
export function showOrigin(origin: Origin, now: Date): readonly string[] {
  const { container, madeBy } = origin
  const { id, name, state, health, exitCode, image, startedAt } = container
  const runs = state === 'exited' || state === 'dead' ? `${state} (${exitCode})` : state
  return [
    cleanText(name),
    field('container', `${id.slice(0, 12)}, ${runs}${health === undefined ? '' : `, ${health}`}`),
    field('image', shortImage(image)),
    // What was never started says it was in the year 1.
    ...(startedAt > '1970' ? [field('since', when(startedAt, now))] : []),
    ...(madeBy ? showMaker(madeBy, now) : showUnknown(origin, now)),
  ]
}

function showMaker(
  { deployment, delivery, commit, subject, author, because, at }: NonNullable<Origin['madeBy']>,
  now: Date,
): readonly string[] {
  const said = [
    ...(subject === undefined || subject === '' ? [] : [` ${cleanText(subject)}`]),
    ...(author === undefined || author === '' ? [] : [` (${cleanText(author, 100)})`]),
  ]
  return [
    field('made by', `deployment ${shortId(deployment)}, ${when(at, now)}`),
    field('commit', `${cleanText(commit).slice(0, 7)}${said.join('')}`),
    field('delivery', delivery === null ? 'none: nobody pushed for it' : cleanText(delivery)),
    ...because.map((sentence, index) => field(index === 0 ? 'because' : '', cleanText(sentence, 1_000))),
  ]
}

function showUnknown({ recorded, image }: Origin, now: Date): readonly string[] {
  const first = recorded
    ? 'unknown: it was there before the first deployment that recorded it'
    : 'no deployment that is recorded: somebody made it by hand, or its record is not kept any more'
  const { app = null, buildKey = null, firstRunBy = null } = image ?? {}
  const built = [
    ...(app === null ? [] : [`fairway.app ${cleanText(app)}`]),
    ...(buildKey === null ? [] : [`fairway.build-key ${cleanText(buildKey)}`]),
  ]
  return [
    field('made by', first),
    ...(built.length === 0 ? [] : [field('its image', `was built by Fairway: ${built.join(', ')}`)]),
    ...(firstRunBy === null ? [] : [field('', showFirstRun(firstRunBy, now))]),
  ]
}

function showFirstRun({ deployment, commit, at }: MadeBy, now: Date): string {
  return `its image first ran with deployment ${shortId(deployment)} of commit ${cleanText(commit).slice(0, 7)}, ${when(at, now)}`
}

function field(title: string, text: string): string {
  return `  ${title.padEnd(10)} ${text}`
}

function when(time: string, now: Date): string {
  return `${ago(time, now)}, ${localTime(time)}`
}

function shortImage(image: string): string {
  return cleanText(image.replace(/^sha256:/, '').slice(0, 12))
}
