import type Docker from 'dockerode'
import { findLeftovers, mayBeLeftover } from '../decisions/find-leftovers.ts'
import type { Container } from '../domain/container.ts'
import type { Leftover } from '../domain/leftover.ts'
import { clearLeftover } from './clear-leftover.ts'
import { readContainer } from './read-container.ts'

/** The containers of a project. */
export async function listContainers(
  docker: Docker,
  project: string,
  abortSignal: AbortSignal,
): Promise<readonly Container[]> {
  return inspectAll(docker, await list(docker, project, abortSignal), abortSignal)
}

/** Clears up what an interrupted recreate left of a project, and tells what that was. */
export async function clearLeftovers(
  docker: Docker,
  project: string,
  abortSignal: AbortSignal,
): Promise<readonly Leftover[]> {
  const listed = await list(docker, project, abortSignal)
  // Each deployment asks, and hardly ever is there one: their names alone tell.
  if (!listed.some(({ Names }) => Names.some((name) => mayBeLeftover(name.replace(/^\//, ''))))) return []
  const cleared: Leftover[] = []
  for (const leftover of findLeftovers(await inspectAll(docker, listed, abortSignal))) {
    if (await clearLeftover(docker, leftover, abortSignal)) cleared.push(leftover)
  }
  return cleared
}

function list(
  docker: Docker,
  project: string,
  abortSignal: AbortSignal,
): Promise<readonly Docker.ContainerInfo[]> {
  const label = [`com.docker.compose.project=${project}`, 'com.docker.compose.oneoff=False']
  return docker.listContainers({ all: true, filters: { label }, abortSignal })
}

/** All of them: the list has neither restarts nor when a container was started. */
async function inspectAll(
  docker: Docker,
  listed: readonly Docker.ContainerInfo[],
  abortSignal: AbortSignal,
): Promise<readonly Container[]> {
  const found = await Promise.all(listed.map(({ Id }) => inspect(docker, Id, abortSignal)))
  return found.filter((container) => container !== undefined)
}

/** A container that went away between the list and this look is left out. */
async function inspect(docker: Docker, id: string, abortSignal: AbortSignal): Promise<Container | undefined> {
  try {
    return readContainer(await docker.getContainer(id).inspect({ abortSignal }))
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined
    throw error
  }
}
