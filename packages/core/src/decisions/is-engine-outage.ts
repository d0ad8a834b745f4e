import { isDeployError } from '../errors.ts'

/** Whether the engine may answer when it is asked again: not where it refused, or where something is missing or forbidden here. */
export function isEngineOutage(error: unknown): boolean {
  if (!isDeployError(error, 'docker_unavailable')) return false
  if (!(error.cause instanceof Error)) return true
  const { code = '', syscall = '', statusCode } = error.cause as Cause
  if (statusCode !== undefined) return statusCode >= 500
  return !permanent.includes(code) && !syscall.startsWith('spawn')
}

type Cause = NodeJS.ErrnoException & { readonly statusCode?: number }

const permanent = ['EACCES', 'ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']
