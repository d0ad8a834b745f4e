import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from '@fairway/core/basics'

/** The server that has a data directory. */
export interface ServerLock {
  readonly pid: number
  /** RFC 3339. */
  readonly since: string
  readonly address: string
}

/** Who serves with this data directory; undefined where nobody does, or its process is dead. */
export async function runningServer(dataDir: string): Promise<ServerLock | undefined> {
  const lock = parse(await read(join(dataDir, 'server.lock')))
  return lock && isAlive(lock) ? lock : undefined
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    const { accessError } = await import('@fairway/server/journal')
    throw accessError(error, file)
  }
}

/** Half a file is one that is just being written. */
function parse(text: string): (ServerLock & { readonly startTime?: string }) | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const { pid, startTime, since, address } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (typeof pid !== 'number' || typeof since !== 'string') return undefined
  return {
    pid,
    since,
    address: typeof address === 'string' ? address : '',
    ...(typeof startTime === 'string' ? { startTime } : {}),
  }
}
