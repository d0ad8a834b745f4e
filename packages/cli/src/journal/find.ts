import { cleanText, nearest } from '@fairway/core/basics'
import type { Deployment, DeliveryRecord, Journal } from '@fairway/server'
import { UsageError } from '../exit-codes.ts'

/** The deployment with that id, of which four characters or more from its start or end are enough. */
export async function findDeployment(journal: Journal, given: string): Promise<Deployment> {
  const exact = await journal.deployment(given)
  if (exact) return exact
  const all = await journal.deployments({ limit: Infinity })
  const last = all.find(({ app }) => app === given)
  if (last) {
    throw new UsageError(`${given} is an app, not a deployment; its newest deployment is ${last.id}`)
  }
  return findByPart(all, given, 'deployment')
}

/** The delivery with that id, of which four characters or more from its start or end are enough. */
export async function findDelivery(journal: Journal, given: string): Promise<DeliveryRecord> {
  const exact = await journal.delivery(given)
  return exact ?? findByPart(await journal.deliveries({ limit: Infinity }), given, 'delivery')
}

const shortest = 4

function findByPart<Item extends { readonly id: string }>(
  items: readonly Item[],
  given: string,
  kind: 'deployment' | 'delivery',
): Item {
  const isMatch = ({ id }: Item): boolean => id.startsWith(given) || id.endsWith(given)
  const matches = given.length < shortest ? [] : items.filter(isMatch)
  const [match] = matches
  if (match && matches.length === 1) return match
  if (matches.length > 1) {
    const ids = matches.slice(0, 5).map(({ id }) => id)
    const more = matches.length > ids.length ? `, and ${matches.length - ids.length} more` : ''
    throw new UsageError(`Several ids start or end with ${given}: ${ids.join(', ')}${more}`)
  }
  const parts = items.flatMap(({ id }) => [id.slice(0, given.length), id.slice(-given.length)])
  const near = given.length < shortest ? undefined : nearest(given, parts)
  const meant = near === undefined ? '' : ` (did you mean ${near}?)`
  const list = kind === 'deployment' ? 'fairway deployments' : 'fairway deliveries'
  throw new UsageError(
    `There is no ${kind} ${cleanText(given)}${meant}; ${list} lists those that are kept, and ${shortest} characters of an id are enough`,
  )
}
