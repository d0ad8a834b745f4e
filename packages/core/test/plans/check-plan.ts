import { expect } from 'vitest'
import type { Container } from '../../src/domain/container.ts'
import type { Image } from '../../src/domain/image.ts'
import type { Plan } from '../../src/domain/plan.ts'
import type { HistoryDocker } from './history-docker.ts'
import { changedTriggers, type Expected } from './random-compose.ts'
import type { ServiceName, Tree } from './random-project.ts'

/** What a deployment that succeeded has left. */
export interface Success {
  readonly tree: Tree
  readonly expected: ReadonlyMap<string, Expected>
  readonly containers: readonly Container[]
}

/** Every service is at the content of the commit. */
export async function checkContent(
  tree: Tree,
  expected: ReadonlyMap<string, Expected>,
  docker: HistoryDocker,
): Promise<void> {
  const containers = await docker.containers()
  for (const [name, wanted] of expected) {
    const own = containers.filter(({ service }) => service === name)
    expect(
      own.map(({ state }) => state),
      `containers of ${name}`,
    ).toEqual(Array.from({ length: tree.services[name as ServiceName]?.replicas ?? 1 }, () => 'running'))
    await Promise.all(own.map((container) => docker.checkHeld(container, wanted)))
  }
  expect(
    containers.filter(({ service }) => !expected.has(service)).map(({ service }) => service),
    'services that are gone',
  ).toEqual([])
}

/** What is kept or restarted has the containers of before; what is made anew has none of them. */
export function checkKept(
  { services }: Plan,
  before: readonly Container[],
  after: readonly Container[],
): void {
  const stayed = (service: string): readonly string[] => {
    const then = idsOf(service, before)
    return idsOf(service, after).filter((id) => then.includes(id))
  }
  for (const { service, action, because } of services) {
    if (action === 'keep' || action === 'restart')
      expect(idsOf(service, after), `${service}, ${action}`).toEqual(idsOf(service, before))
    if (action === 'keep')
      expect(startsOf(service, after), `${service} runs on`).toEqual(startsOf(service, before))
    // Who goes along with `web` stays where its build gave the very image that it runs.
    const goesAlong = because.every((reason) => reason === 'it lives in web, which is replaced')
    if (action === 'recreate' && !(goesAlong && stayed('web').length > 0))
      expect(stayed(service), `${service}, ${action}`).toEqual([])
  }
}

export interface Reasons {
  readonly plan: Plan
  readonly tree: Tree
  readonly expected: ReadonlyMap<string, Expected>
  readonly before: readonly Container[]
  readonly touchedSince: ReadonlySet<string>
  readonly meddled: ReadonlySet<string>
  readonly last: Success | undefined
  readonly docker: HistoryDocker
  readonly images: readonly Image[]
}

/** Nothing is touched without a reason, and nothing is built of which an image is here. */
export function checkReasons({ docker, images, ...given }: Reasons): void {
  const { plan, tree, expected, touchedSince, last } = given
  const triggers = last ? changedTriggers(last.tree, tree) : []
  for (const { service, action, because, image, buildKey } of plan.services) {
    if (action === 'keep') continue
    // Asked for by a file that belongs to no build: those that are built are, whatever images are here.
    const isTriggered = action === 'build' && triggers.some((file) => because.includes(`${file} changed`))
    expect(because.length, `${service} is touched with a reason`).toBeGreaterThan(0)
    if (isAsBefore(service, given) && !isTriggered && !isScaled(service, plan)) {
      throw new Error(
        `${service}: ${action} without need (${because.join('; ')}; touched since: ${[...touchedSince].join()})`,
      )
    }
    const wanted = expected.get(service)
    if (!wanted) continue
    if (action === 'build' && !isTriggered) {
      const found = images.find(
        (one) =>
          one.buildKey !== undefined && (docker.isMadeFrom(one.id, wanted) ?? one.buildKey === buildKey),
      )
      expect(found, `${service} is built, and an image of it is here`).toBeUndefined()
    }
    if (image !== undefined)
      expect(docker.isMadeFrom(image, wanted) ?? true, `${service} is given its image`).toBe(true)
  }
}

/** Whether a service has all that it should have, and so has what it goes along with. */
function isAsBefore(
  service: string,
  { plan, expected, before, meddled, last }: Omit<Reasons, 'docker' | 'images'>,
): boolean {
  if (!last || meddled.has(service) || (service === 'worker' && meddled.has('web'))) return false
  const isFollowing =
    service !== 'web' && plan.services.some((one) => one.service === 'web' && one.action !== 'keep')
  const differs = JSON.stringify(expected.get(service)) !== JSON.stringify(last.expected.get(service))
  const ids = [before, last.containers].map((containers) => idsOf(service, containers).join())
  return !isFollowing && !differs && ids[0] === ids[1]
}

/** Only the number of its containers changed. */
function isScaled(name: string, { services }: Plan): boolean {
  return services.some(
    ({ service, action, because }) =>
      service === name && action === 'start' && because.some((one) => /should have/.test(one)),
  )
}

function idsOf(name: string, containers: readonly Container[]): readonly string[] {
  return containers.flatMap(({ service, id }) => (service === name ? [id] : [])).toSorted()
}

function startsOf(name: string, containers: readonly Container[]): readonly string[] {
  return containers.flatMap(({ service, startedAt }) => (service === name ? [startedAt] : [])).toSorted()
}
