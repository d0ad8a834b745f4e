import { createHash } from 'node:crypto'
import type { Files } from '../executors/files.ts'
import type { FoundProject } from './read-project.ts'

/** Digest of all that Compose reads of a project; undefined where that can't be told before variables are replaced. */
export async function configurationDigest(
  { project, composeFiles: { texts, others } }: FoundProject,
  files: Files,
): Promise<string | undefined> {
  if (others === undefined) return undefined
  const read = [...project.envFiles, ...others]
  const contents = await Promise.all(
    read.map(async (path) => [path, (await files.digest(path)) ?? (await files.exists(path))]),
  )
  // A file that is there and has no digest may be anything.
  if (contents.some(([, digest]) => digest === true)) return undefined
  const hash = createHash('sha256').update(JSON.stringify([project, texts, contents]))
  return `sha256:${hash.digest('hex')}`
}
