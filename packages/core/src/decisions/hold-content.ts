import type { Content, HeldContent, Holds } from '../domain/release.ts'
import type { DesiredService } from './plan/plan-input.ts'

/** As many as are kept of an app: older ones have failed long ago. */
const most = 20

/** What each service consists of at a commit, by name. */
export function contentsOf(
  services: readonly DesiredService[],
  commit: string,
): Readonly<Record<string, Content>> {
  return Object.fromEntries(services.map((service) => [service.name, contentOf(service, commit)]))
}

function contentOf({ build, key, configuration, mounts }: DesiredService, commit: string): Content {
  const known = key && 'key' in key ? key.key : undefined
  // Where nobody can tell what an image is built from, each commit may build another one.
  const buildKey = known ?? (build ? `at ${commit}` : undefined)
  return {
    ...(buildKey === undefined ? {} : { buildKey }),
    ...(configuration === undefined ? {} : { configuration }),
    ...(mounts === undefined ? {} : { mounts }),
  }
}

/** Whether two services consist of the same: one of which nothing is known equals none. */
export function sameContent(one: Content, other: Content): boolean {
  if (one.buildKey === undefined && one.configuration === undefined) return false
  return (
    one.buildKey === other.buildKey &&
    one.configuration === other.configuration &&
    sameMounts(one.mounts ?? {}, other.mounts ?? {})
  )
}

/** The held content that a service of this name and content would bring again. */
export function findHeld(
  { content }: Holds,
  services: Readonly<Record<string, Content>>,
): HeldContent | undefined {
  return content.find((held) => {
    const service = services[held.service]
    return service !== undefined && sameContent(held, service)
  })
}

/**
 * Which services are to be held after a failure: those that failed and differ from what was gone back to; where none of them
 * differs, the cause lies in others that were touched. Nothing differs: nothing is held, as the same content served before.
 */
export function chooseHeld({
  failed,
  touched,
  services,
  before,
}: {
  /** Names of those that failed. */
  readonly failed: readonly string[]
  /** Names of those that the plan touched. */
  readonly touched: readonly string[]
  /** What was deployed. */
  readonly services: Readonly<Record<string, Content>>
  /** What was gone back to. */
  readonly before: Readonly<Record<string, Content>>
}): readonly string[] {
  const differs = (name: string): boolean => {
    const [now, then] = [services[name], before[name]]
    return now !== undefined && (then === undefined || !sameContent(now, then))
  }
  const guilty = failed.filter(differs)
  return guilty.length > 0 ? guilty : touched.filter(differs)
}

/** Adds what is held from now on, newest first; an entry of the same content gives way. */
export function addHeld(holds: Holds, added: readonly HeldContent[]): Holds {
  const others = holds.content.filter(
    (held) => !added.some((one) => one.service === held.service && sameContent(one, held)),
  )
  return { ...holds, content: [...added, ...others].slice(0, most) }
}

/** Without what is deployed now: somebody chose it, and it was found healthy. */
export function withoutHeld(holds: Holds, deployed: Readonly<Record<string, Content>>): Holds {
  const isDeployed = (held: HeldContent): boolean => {
    const service = deployed[held.service]
    return service !== undefined && sameContent(held, service)
  }
  return { ...holds, content: holds.content.filter((held) => !isDeployed(held)) }
}

/** The sentence that tells why something isn't deployed. */
export function describeHeld({ service, commit, reason, left }: HeldContent): string {
  return `held because ${service} at ${commit.slice(0, 7)} ${left ? 'was rolled back' : 'failed'}: ${reason}`
}

/** The same of a hold on the whole app. */
export function describeHold({ reason, by }: NonNullable<Holds['app']>): string {
  return reason === undefined ? `held by ${by}` : `held because ${reason}`
}

function sameMounts(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key])
}
