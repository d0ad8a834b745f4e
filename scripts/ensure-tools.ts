import { ensure } from './lib/ensure.ts'

/** Brings what the tests need beside Docker and git; 0 when all is there. */
export function ensureTools(signal?: AbortSignal): Promise<number> {
  return ensure('tools', signal)
}
