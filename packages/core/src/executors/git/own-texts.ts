import type { Call } from '../../run.ts'
import type { RunGit } from './command.ts'
import { writeLoose } from './loose-objects.ts'
import { readOwnRef } from './own-ref.ts'
import { plainRepository } from './plain-repository.ts'
import type { ReadGit } from './reads.ts'

/** Texts that Fairway keeps in a checkout, each a blob that a ref of its own names. */
export interface OwnTexts {
  /** Undefined where there is no such ref, or what it names is gone or no text. */
  readonly read: (path: string, ref: string, call?: Call) => Promise<string | undefined>
  /** Stores a text and gives its id, for a ref to name. */
  readonly store: (path: string, text: string, doing: string, call?: Call) => Promise<string>
}

/** So many texts are kept in mind; an id stands for one and the same text for ever. */
const kept = 256

/** A process that wrote a text, or read it once, asks git no more. */
export function ownTexts(run: RunGit, read: ReadGit): OwnTexts {
  const known = new Map<string, string>()
  const learn = (id: string, text: string): void => {
    known.delete(id)
    known.set(id, text)
    for (const oldest of [...known.keys()].slice(0, -kept)) known.delete(oldest)
  }
  const hash = async (path: string, text: string, doing: string, call?: Call): Promise<string> => {
    const args = ['hash-object', '-w', '--stdin']
    return (await run({ path, args, input: text, doing }, call)).stdout.trim()
  }
  return {
    async read(path, ref, call) {
      const id = await readOwnRef(path, ref, read, call)
      if (id === undefined) return undefined
      const before = known.get(id)
      if (before !== undefined) return before
      const args = ['cat-file', '--batch=%(objecttype)']
      const { stdout } = await run(
        { path, args, input: `${id}\n`, doing: `Cannot read ${ref} of ${path}` },
        call,
      )
      if (!stdout.startsWith('blob\n')) return undefined
      // Git ends it with a line break of its own.
      const text = stdout.slice('blob\n'.length, -1)
      learn(id, text)
      return text
    },
    async store(path, text, doing, call) {
      const plain = await plainRepository(path, read, call)
      // Where that fails git says what is the matter.
      const own = plain && (await writeLoose(plain.directory, 'blob', text).catch(() => undefined))
      const id = own ?? (await hash(path, text, doing, call))
      learn(id, text)
      return id
    },
  }
}
