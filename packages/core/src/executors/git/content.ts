import type { Call } from '../../run.ts'
import { type Entry, parseTree } from './blob.ts'
import type { RunGit } from './command.ts'
import { withOwnIndex } from './own-index.ts'
import type { ReadGit } from './reads.ts'

/** What a commit holds, as far as checking it out may ask for more than git. */
export interface Content {
  readonly entries: readonly Entry[]
  /** Files whose attributes name a filter, and which. */
  readonly filters: ReadonlyMap<string, string>
}

/** Reads the files of a commit and their filters, with the attributes of that very commit and of the checkout's git. */
export async function readContent(
  path: string,
  commit: string,
  { run, read }: { readonly run: RunGit; readonly read: ReadGit },
  call?: Call,
): Promise<Content> {
  const listed = await read(path, ['ls-tree', '-r', '-z', '--full-tree', commit], call)
  const entries = parseTree(listed)
  const doing = `Cannot read the attributes of ${commit} in ${path}`
  return withOwnIndex(
    path,
    doing,
    read,
    async (index) => {
      const variables = { GIT_INDEX_FILE: index }
      await run({ path, args: ['read-tree', commit], variables, doing }, call)
      const args = ['check-attr', '--cached', '-z', '--stdin', 'filter']
      const input = entries.map(({ file }) => `${file}\0`).join('')
      const { stdout } = await run({ path, args, input, variables, doing }, call)
      return { entries, filters: parseFilters(stdout) }
    },
    call,
  )
}

/** `PATH`, `filter` and its value, each ended by NUL. A filter without a name is none. */
function parseFilters(output: string): ReadonlyMap<string, string> {
  const fields = output.split('\0')
  const filters = new Map<string, string>()
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [file = '', , filter = ''] = fields.slice(i, i + 3)
    if (!['unspecified', 'unset', 'set', ''].includes(filter)) filters.set(file, filter)
  }
  return filters
}
