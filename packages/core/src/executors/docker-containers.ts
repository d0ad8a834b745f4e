import type Docker from 'dockerode'
import { findLeftovers } from '../decisions/find-leftovers.ts'
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
  const label = [`com.docker.compose.project=${project}`, 'com.docker.compose.oneoff=False']
  const listed = await docker.listContainers({ all: true, filters: { label }, abortSignal })
  const found = await Promise.all(listed.map(({ Id }) => inspect(docker, Id, abortSignal)))
  return found.filter((container) => container !== undefined)
}

/** Clears up what an interrupted recreate left of a project, and tells what that was. */
export async function clearLeftovers(
  docker: Docker,
  project: string,
  abortSignal: AbortSignal,
): Promise<readonly Leftover[]> {
  const cleared: Leftover[] = []
  for (const leftover of findLeftovers(await listContainers(docker, project, abortSignal))) {
    if (await clearLeftover(docker, leftover, abortSignal)) cleared.push(leftover)
  }
  return cleared
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
