import type { Call } from '../../run.ts'
import type { RunGit } from './command.ts'
import { withOwnIndex } from './own-index.ts'
import type { ReadGit } from './reads.ts'

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
}

/** What decides how git writes a blob into the tree. */
const attributes = ['text', 'eol', 'crlf', 'ident', 'working-tree-encoding', 'filter']

/** Files that the attributes of a commit change in the tree: git writes anew only those whose blobs differ. */
export async function listConverted(
  path: string,
  commit: string,
  { run, read }: Tools,
  call?: Call,
): Promise<readonly string[]> {
  const options = ['--cached', '--name-only', '--no-renames', '-z']
  const changed = await read(
    path,
    ['diff-index', ...options, commit, '--', ':(top,glob)**/.gitattributes'],
    call,
  )
  if (changed === '') return []
  const doing = `Cannot compare the attributes of ${commit} in ${path}`
  const input = await read(path, ['ls-files', '-z'], call)
  const ask = async (variables: Readonly<Record<string, string>>): Promise<string> => {
    const args = ['check-attr', '--cached', '-z', '--stdin', ...attributes]
    return (await run({ path, args, input, variables, doing }, call)).stdout
  }
  const before = parseValues(await ask({}))
  const compare = async (index: string): Promise<readonly string[]> => {
    const variables = { GIT_INDEX_FILE: index }
    await run({ path, args: ['read-tree', commit], variables, doing }, call)
    const after = parseValues(await ask(variables))
    return [...before].filter(([file, values]) => after.get(file) !== values).map(([file]) => file)
  }
  return withOwnIndex(path, doing, read, compare, call)
}

/** From files to all their values as one text; of each attribute `PATH`, its name and its value, each ended by NUL. */
function parseValues(output: string): ReadonlyMap<string, string> {
  const fields = output.split('\0')
  const values = new Map<string, string>()
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [file = '', , value = ''] = fields.slice(i, i + 3)
    values.set(file, `${values.get(file) ?? ''}${value}\n`)
  }
  return values
}
