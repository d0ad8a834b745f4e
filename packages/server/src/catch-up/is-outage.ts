import { isDeployError } from '@fairway/core'

/** Whether an error says that something is away which comes back by itself. */
export function isOutage(error: unknown): boolean {
  return isDeployError(error, 'docker_unavailable') || isDeployError(error, 'remote_unreachable')
}
