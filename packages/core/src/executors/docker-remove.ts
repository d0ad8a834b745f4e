import type Docker from 'dockerode'

/** Milliseconds that the slowest of these containers may take to stop. */
export async function longestGrace(
  docker: Docker,
  ids: readonly string[],
  abortSignal: AbortSignal,
): Promise<number> {
  const graces = await Promise.all(ids.map((id) => graceOf(docker, id, abortSignal)))
  return Math.max(0, ...graces) * 1000
}

/** Stops containers, all at once, each with its own signal and grace period, and removes them without their volumes. */
export async function removeContainers(
  docker: Docker,
  ids: readonly string[],
  abortSignal: AbortSignal,
): Promise<void> {
  const ends = await Promise.allSettled(ids.map((id) => removeContainer(docker, id, abortSignal)))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

async function graceOf(docker: Docker, id: string, abortSignal: AbortSignal): Promise<number> {
  try {
    const { Config } = await docker.getContainer(id).inspect({ abortSignal })
    return (Config as { StopTimeout?: number }).StopTimeout ?? 10
  } catch (error) {
    if (statusOf(error) === 404) return 0
    throw error
  }
}

async function removeContainer(docker: Docker, id: string, abortSignal: AbortSignal): Promise<void> {
  const container = docker.getContainer(id)
  try {
    // Without `t` the engine takes the container's own grace period; of one that has ended it says 304.
    await container.stop({ abortSignal }).catch(unless((error) => statusOf(error) === 304))
    await container.remove(withSignal({}, abortSignal))
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

function isGone(error: unknown): boolean {
  const going = /removal of container .* is already in progress/i
  return statusOf(error) === 404 || (statusOf(error) === 409 && going.test((error as Error).message))
}

function unless(expected: (error: unknown) => boolean): (error: unknown) => void {
  return (error) => {
    if (!expected(error)) throw error
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode
}

/** dockerode takes a signal here, too, though its types don't tell. */
function withSignal<T extends object>(options: T, abortSignal: AbortSignal): T {
  return { ...options, abortSignal }
}
