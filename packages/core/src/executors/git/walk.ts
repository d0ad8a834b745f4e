import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import type { BesideFile, ContentsOptions } from '../git.ts'
import { lstatOrNothing } from './blob.ts'
import { type DigestFile, problemOf } from './file-digests.ts'

interface Walk {
  readonly path: string
  readonly digest: DigestFile
  readonly skip: NonNullable<ContentsOptions['skip']>
}

/** Files looked at at once. */
const atOnce = 16

/** The files at and below these places of a checkout, by content; a `.git` and what is in it is nobody's content. */
export async function walk(
  starts: readonly string[],
  { path, digest, skip }: Walk,
  call: Call = {},
): Promise<readonly BesideFile[]> {
  const found: BesideFile[] = []
  const files: string[] = []
  const enter = async (file: string): Promise<void> => {
    call.signal?.throwIfAborted()
    if (skip(file, true)) return
    try {
      for await (const entry of await opendir(join(path, file))) {
        if (entry.name === '.git') continue
        const inner = file === '' ? entry.name : `${file}/${entry.name}`
        if (entry.isDirectory()) await enter(inner)
        else files.push(inner)
      }
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (!code.startsWith('E')) throw error
      if (code !== 'ENOENT') found.push({ file, problem: problemOf(error) })
    }
  }
  const look = async (): Promise<void> => {
    for (let file = files.pop(); file !== undefined; file = files.pop()) {
      call.signal?.throwIfAborted()
      if (skip(file, false)) continue
      const known = await digest(join(path, file))
      if (known) found.push({ file, ...known })
    }
  }
  for (const start of starts) {
    const stat = await lstatOrNothing(join(path, start))
    if (stat?.isDirectory()) await enter(start)
    else if (stat) files.push(start)
  }
  await Promise.all(Array.from({ length: atOnce }, look))
  return found
}
