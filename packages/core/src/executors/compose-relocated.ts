import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeArgs } from '../decisions/compose-args.ts'
import { asMeant, type Relocation, whereItLies } from '../decisions/relocation.ts'
import type { Project } from '../domain/project.ts'
import type { Call } from '../run.ts'
import { composeRefused } from './compose-failure.ts'
import type { RunCompose } from './compose-runner.ts'
import type { Command, CommandResult } from './process.ts'

type Place = Required<Pick<Command, 'args' | 'directory'>>

/** A command on files that lie elsewhere meanwhile. */
export function relocatedCommand({ args, directory }: Place, relocation: Relocation | undefined): Place {
  if (!relocation) return { args, directory }
  // What lies beside them is linked there, so that what a file says of its neighbours holds.
  const at = (path: string): string => whereItLies(path, { ...relocation, beside: new Set() })
  return { args: args.map(at), directory: at(directory) }
}

/** What it said, as if the files lay in their place. */
export function toldAsMeant(result: CommandResult, relocation: Relocation | undefined): CommandResult {
  if (!relocation) return result
  return {
    ...result,
    // A configuration, as JSON but for the rarest.
    stdout: asMeant(result.stdout, { ...relocation, path: JSON.stringify(relocation.path).slice(1, -1) }),
    stderr: asMeant(result.stderr, relocation),
    lastLines: result.lastLines.map((line) => asMeant(line, relocation)),
  }
}

interface Tools {
  readonly run: RunCompose
  readonly limits: { readonly timeout: number; readonly maxMemory: number }
  readonly relocation: Relocation
}

/**
 * A project of one file that says what Compose makes of it. Compose compares containers with the paths that it reads, and where
 * the files lie meanwhile all of those would differ.
 */
export async function withResolved<T>(
  project: Project,
  { run, limits, relocation }: Tools,
  call: Call,
  use: (resolved: Project) => Promise<T>,
): Promise<T> {
  const read = (format: 'json' | 'yaml'): Promise<CommandResult> =>
    run(project, composeArgs.config(project, format), limits, { ...call, relocation })
  let result = await read('json')
  // Compose 2.26 can't write a named key of `build.ssh` as JSON.
  if (result.exitCode !== 0 && result.stderr.includes('MarshalJSON')) result = await read('yaml')
  if (result.exitCode !== 0) throw composeRefused(project, result)
  const folder = await mkdtemp(join(tmpdir(), 'fairway-resolved-'))
  try {
    const file = join(folder, 'compose.yaml')
    // It holds what env files do.
    await writeFile(file, result.stdout, { mode: 0o600 })
    return await use({ ...project, files: [file], envFiles: [], environment: {} })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
