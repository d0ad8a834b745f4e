import { randomUUID } from 'node:crypto'
import type { Call } from '../../run.ts'
import type { RunGit } from './command.ts'

/** Bytes below which a blob is read; a Git LFS pointer is always smaller. */
const small = 1024

/** The texts of those of the blobs that are small. */
export async function readSmallBlobs(
  path: string,
  ids: readonly string[],
  run: RunGit,
  call?: Call,
): Promise<ReadonlyMap<string, string>> {
  const ask = async (option: string, wanted: readonly string[]): Promise<string> => {
    if (wanted.length === 0) return ''
    const input = wanted.map((id) => `${id}\n`).join('')
    const doing = `Cannot read small files of ${path}`
    return (await run({ path, args: ['cat-file', option], input, doing }, call)).stdout
  }
  const sizes = await ask('--batch-check=%(objectname) %(objecttype) %(objectsize)', [...new Set(ids)])
  const wanted = sizes.split('\n').flatMap((line) => {
    const [id = '', type, size] = line.split(' ')
    return type === 'blob' && Number(size) < small ? [id] : []
  })
  // A mark that nobody can have written into a file tells where the next one begins.
  const mark = randomUUID()
  const texts = (await ask(`--batch=${mark}%(objectname)`, wanted)).split(mark).slice(1)
  return new Map(
    texts.map((text) => {
      const end = text.indexOf('\n')
      return [text.slice(0, end), text.slice(end + 1).replace(/\n$/, '')]
    }),
  )
}
