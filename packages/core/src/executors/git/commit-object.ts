import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lstatOrNothing } from './blob.ts'
import { readLoose } from './loose-objects.ts'

/** What a commit says of itself. */
export interface CommitObject {
  readonly commit: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: string
  /** The whole message, as it stands there. */
  readonly message: string
}

/** A commit, read where it lies in a file of its own and says plainly what it is; else it is left to git. */
export async function readCommitObject(
  gitDirectory: string,
  commit: string,
): Promise<CommitObject | undefined> {
  const object = await readLoose(gitDirectory, commit)
  const text = object?.type === 'commit' ? textOf(object.content) : undefined
  const end = text?.indexOf('\n\n') ?? -1
  if (text === undefined || end === -1) return undefined
  const [tree, ...lines] = text.slice(0, end).split('\n')
  const parents = lines.filter((line) => /^parent [0-9a-f]{40}$/.test(line)).map((line) => line.slice(7))
  const [, author] = /^author (.*?) ?<[^\n]*> \d+ [-+]\d{4}$/m.exec(text.slice(0, end)) ?? []
  if (!/^tree [0-9a-f]{40}$/.test(tree ?? '') || author === undefined) return undefined
  // Git would convert it.
  if (lines.some((line) => line.startsWith('encoding '))) return undefined
  return { commit, tree: tree?.slice(5) ?? '', parents, author, message: text.slice(end + 2) }
}

/** The id that a full ref has in a file of its own; undefined where it has none, or is anything else than an id. */
export async function readRefFile(gitDirectory: string, ref: string): Promise<string | undefined> {
  const file = join(gitDirectory, ref)
  if (!(await lstatOrNothing(file))?.isFile()) return undefined
  const [, id] = /^([0-9a-f]{40})\n$/.exec(await readFile(file, 'utf8')) ?? []
  return id
}

/** Undefined where it is no text. */
function textOf(content: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}
