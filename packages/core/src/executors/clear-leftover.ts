import type Docker from 'dockerode'
import type { Leftover } from '../domain/leftover.ts'

/** Removes a leftover, or gives it its rightful name; false where it is not one any more. */
export async function clearLeftover(
  docker: Docker,
  { id, rightful }: Leftover,
  abortSignal: AbortSignal,
): Promise<boolean> {
  const container = docker.getContainer(id)
  try {
    if (rightful !== undefined) await container.rename({ name: rightful, abortSignal })
    // Not by force: the engine refuses where somebody has started it meanwhile. Volumes that another container has stay.
    else await container.remove(withSignal({ v: true }, abortSignal))
    return true
  } catch (error) {
    // Gone or going, started, or the name is that of another project's container, which Compose then tells.
    if ([404, 409].includes((error as { statusCode?: number }).statusCode ?? 0)) return false
    throw error
  }
}

/** dockerode takes a signal here, too, though its types don't tell. */
function withSignal<T extends object>(options: T, abortSignal: AbortSignal): T {
  return { ...options, abortSignal }
}
