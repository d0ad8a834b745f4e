import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { lstatOrNothing } from './blob.ts'

/** What Git LFS stores in git instead of a file (git-lfs: docs/spec.md). */
export interface Pointer {
  /** SHA-256 of the file's content. */
  readonly oid: string
  readonly size: number
}

/** The pointer that a text is; undefined where it is none. */
export function parsePointer(text: string): Pointer | undefined {
  if (!/^version https:\/\/(git-lfs|hawser)\.github\.com\/spec\/v1\r?\n/.test(text)) return undefined
  const [, oid] = /^oid sha256:([0-9a-f]{64})\r?$/m.exec(text) ?? []
  const [, size] = /^size (\d+)\r?$/m.exec(text) ?? []
  return oid === undefined || size === undefined ? undefined : { oid, size: Number(size) }
}

/** Whether a file has the content that a pointer stands for. */
export async function hasContentOf(path: string, { oid, size }: Pointer): Promise<boolean> {
  const stat = await lstatOrNothing(path)
  return stat !== undefined && stat.isFile() && Number(stat.size) === size && (await digest(path)) === oid
}

/** Whether a file has that content or its beginning, as far as git-lfs has it: git was killed while it wrote. */
export async function hasBeginningOf(path: string, pointer: Pointer, objects: string): Promise<boolean> {
  const stat = await lstatOrNothing(path)
  if (stat === undefined || !stat.isFile()) return false
  const length = Number(stat.size)
  if (length >= pointer.size) return hasContentOf(path, pointer)
  if (length === 0) return true
  const object = objectPath(objects, pointer)
  if ((await lstatOrNothing(object)) === undefined) return false
  return (await digest(path)) === (await digest(object, length))
}

/** Whether git-lfs has the content already. */
export async function isStored(objects: string, pointer: Pointer): Promise<boolean> {
  const stat = await lstatOrNothing(objectPath(objects, pointer))
  return stat !== undefined && Number(stat.size) === pointer.size
}

function objectPath(objects: string, { oid }: Pointer): string {
  return join(objects, oid.slice(0, 2), oid.slice(2, 4), oid)
}

async function digest(path: string, length = Number.POSITIVE_INFINITY): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { end: length - 1 }), hash)
  return hash.digest('hex')
}
