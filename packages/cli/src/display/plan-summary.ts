import type { Action, Plan } from '@fairway/core'
import { cleanText } from '@fairway/core/basics'

/** A plan in a few words: `build web, keep 2`; once it was done `built web, kept 2`. */
export function planSummary({ services }: Plan, isDone: boolean): string {
  if (services.length === 0) return 'no service'
  return actions
    .flatMap(([action, done]) => {
      const named = services.filter((planned) => planned.action === action).map(({ service }) => service)
      return named.length === 0 ? [] : [`${isDone ? done : action} ${count(named, action, services.length)}`]
    })
    .join(', ')
}

const actions: readonly (readonly [Action, string])[] = [
  ['build', 'built'],
  ['pull', 'pulled'],
  ['recreate', 'recreated'],
  ['start', 'started'],
  ['restart', 'restarted'],
  ['remove', 'removed'],
  ['keep', 'kept'],
]

/** More names than that are only counted. */
const most = 3

function count(named: readonly string[], action: Action, all: number): string {
  if (action === 'keep') return named.length === all ? `all ${all}` : String(named.length)
  return named.length > most ? String(named.length) : cleanText(named.join(', '))
}
