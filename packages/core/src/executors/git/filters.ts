import type { Call } from '../../run.ts'
import type { Environment } from '../environment.ts'
import { runCommand } from '../process.ts'
import { gitError } from './git-error.ts'
import { filterNames, recallSettings } from './settings.ts'

type Variables = Readonly<Record<string, string>>

interface Given {
  readonly path: string
  readonly environment: Environment
  /** Variables of the command itself, which may bring settings of their own. */
  readonly variables: Variables
  readonly doing: string
}

/** Commands that neither look at files of the tree nor write an index, which makes git compare those as old as it. */
const convertNothing = new Set([
  '--version',
  'cat-file',
  'check-attr',
  'commit-tree',
  'fetch',
  'hash-object',
  'init',
  'ls-remote',
  'remote',
  'update-ref',
])

/** Variables with which a git command runs none of the filters that the checkout's or the user's configuration defines. */
export async function withoutFilters(
  args: readonly string[],
  { path, environment, variables, doing }: Given,
  call?: Call,
): Promise<Variables> {
  if (convertNothing.has(commandOf(args)) && !args.includes('--filters')) return variables
  const known = recallSettings(path, call)
  const names = known
    ? filterNames(known.map(([key]) => key))
    : await listFilters({ path, environment, variables, doing }, call)
  // An empty process counts before clean and smudge, and for git as none.
  const settings = names.flatMap((name) => [
    [`filter.${name}.process`, ''],
    [`filter.${name}.clean`, ''],
    [`filter.${name}.smudge`, ''],
    [`filter.${name}.required`, 'false'],
  ])
  // By variables, as `-c` would end the name of a filter at its first `=`.
  const count = Number(variables['GIT_CONFIG_COUNT'] ?? 0)
  const added = settings.flatMap(([key = '', value = ''], i) => [
    [`GIT_CONFIG_KEY_${count + i}`, key],
    [`GIT_CONFIG_VALUE_${count + i}`, value],
  ])
  return { ...variables, ...Object.fromEntries(added), GIT_CONFIG_COUNT: `${count + settings.length}` }
}

/** The command after the settings that may stand before it. */
function commandOf(args: readonly string[]): string {
  return args[0] === '-c' ? commandOf(args.slice(2)) : (args[0] ?? '')
}

async function listFilters(
  { path, environment, variables, doing }: Given,
  call?: Call,
): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await runCommand(
    {
      command: 'git',
      args: ['config', '--name-only', '-z', '--get-regexp', '^filter\\..*\\.'],
      directory: path,
      environment: { ...environment, ...variables },
    },
    call,
  )
  // 1: there are none.
  if (exitCode > 1) throw gitError(doing, stderr)
  return filterNames(stdout.split('\0'))
}
