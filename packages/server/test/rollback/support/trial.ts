import type { Deployment } from '../../../src/index.ts'
import type { World } from '../../support/world.ts'
import type { Fault } from './faults.ts'
import { filesOf, type Version } from './versions.ts'

/** How a bad push ended. */
export interface Trial {
  readonly fault: string
  readonly deployment: Deployment
  /** What `web` serves after it: from its image, from the folder and from the file that it mounts. */
  readonly served: readonly string[]
  readonly durationMs: number
  /** Of that, the way back. */
  readonly rollBackMs: number
}

/** Pushes a version and waits for the end of its deployment. */
export async function pushVersion(
  world: World,
  version: Version,
  removed: readonly string[] = [],
): Promise<Deployment> {
  await world.origin.commit(version.page, filesOf(version), removed)
  await world.origin.push()
  return world.deploy()
}

/** The same of one that has to succeed. */
export async function pushGood(world: World, version: Version): Promise<Deployment> {
  const deployment = await pushVersion(world, version)
  if (deployment.status === 'success') return deployment
  throw new Error(`${deployment.reason}\n${world.lines.join('\n')}`)
}

/** Pushes a version that is bad in one way. */
export async function tryFault(
  world: World,
  { name, version, prepare }: Fault,
  { page, port }: { readonly page: string; readonly port: number },
): Promise<Trial> {
  const mend = await prepare?.(port)
  try {
    const since = performance.now()
    const deployment = await pushVersion(world, version(page))
    const durationMs = Math.round(performance.now() - since)
    const { durationMs: rollBackMs = 0 } = deployment.steps.find((step) => step.name === 'rollBack') ?? {}
    return { fault: name, deployment, served: await everythingServed(world), durationMs, rollBackMs }
  } finally {
    await mend?.()
  }
}

/** What `web` shows of each of its three sources; rejects where it doesn't run. */
export async function everythingServed(world: World): Promise<readonly string[]> {
  const mounted = await world.inside('web', 'cat', '/site/index.html', '/one.txt')
  return [await world.served('web'), ...mounted.split('\n')]
}
