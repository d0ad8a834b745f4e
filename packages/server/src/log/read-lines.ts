import { open } from 'node:fs/promises'

export interface ReadLines {
  readonly text: string
  /** The byte after it. */
  readonly next: number
}

/** Reads whole lines of a file that may grow meanwhile; undefined where there is none. */
export async function readLines(path: string, from: number): Promise<ReadLines | undefined> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!file) return undefined
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.max(0, size - from))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
    // One that is being written waits for the next time.
    const end = bytes.subarray(0, bytesRead).lastIndexOf('\n') + 1
    return { text: bytes.toString('utf8', 0, end), next: from + end }
  } finally {
    await file.close()
  }
}
