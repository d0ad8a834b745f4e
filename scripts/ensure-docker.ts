import { ensure } from './lib/ensure.ts'

/** Brings Docker, Compose, buildx, git and the base image; 0 when all is there. */
export function ensureDocker(signal?: AbortSignal): Promise<number> {
  return ensure('docker', signal)
}
