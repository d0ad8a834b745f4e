import { access } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The path itself, or the folder above it that is there. */
export async function nearest(path: string): Promise<string> {
  try {
    await access(path)
    return path
  } catch {
    return path === dirname(path) ? path : nearest(dirname(path))
  }
}
