import type { Image } from '../../domain/image.ts'
import type { DesiredService, PlanInput } from './plan-input.ts'

/** Says that an image is older than `rebuild.refreshBase` allows; undefined where it isn't. */
export function baseAge(
  { name }: DesiredService,
  image: Image | undefined,
  { rules: { refreshBase, mode }, recorded, now }: PlanInput,
): string | undefined {
  if (refreshBase === undefined || refreshBase === null || mode === 'never' || image === undefined)
    return undefined
  // Where nothing is newer, the image stays the old one: what counts is when it was last asked.
  const asked = recorded?.services[name]?.refreshedAt ?? ''
  const since = Math.max(Date.parse(image.createdAt), Date.parse(asked) || 0)
  const age = now - since
  return age > refreshBase
    ? `its base images were last asked for ${inWords(age)} ago, and rebuild.refreshBase is ${inWords(refreshBase)}`
    : undefined
}

function inWords(milliseconds: number): string {
  const [seconds, minutes, hours, days] = [1_000, 60_000, 3_600_000, 86_400_000]
    .map((unit) => Math.floor(milliseconds / unit))
    .map(String)
  if (milliseconds >= 2 * 86_400_000) return `${days} days`
  if (milliseconds >= 2 * 3_600_000) return `${hours} hours`
  return milliseconds >= 2 * 60_000 ? `${minutes} minutes` : `${seconds} seconds`
}
