import { dirname, join } from 'node:path'
import { lstatOrNothing } from './blob.ts'

/** Whether a parent is a symbolic link: what lies there is not the checkout's. */
export async function isBehindLink(path: string, file: string): Promise<boolean> {
  const stats = await Promise.all(ancestors(file).map((parent) => lstatOrNothing(join(path, parent))))
  return stats.some((stat) => stat?.isSymbolicLink())
}

/** The folders above a file in the checkout, the topmost first. */
export function ancestors(file: string): readonly string[] {
  const parent = dirname(file)
  return parent === '.' ? [] : [...ancestors(parent), parent]
}
