import { composeArgs } from '../decisions/compose-args.ts'
import { readServices } from '../decisions/read-services.ts'
import { readUnset } from '../decisions/unset-variables.ts'
import type { Project, Service } from '../domain/project.ts'
import type { Call } from '../run.ts'
import { composeRefused, tooMuchToRead } from './compose-failure.ts'
import type { RunCompose } from './compose-runner.ts'
import type { ReadingCall } from './compose.ts'
import type { CommandResult } from './process.ts'

export interface ComposeReaderOptions {
  readonly run: RunCompose
  readonly version: (call?: Call) => Promise<string>
  readonly limits: { readonly timeout: number; readonly maxMemory: number }
}

/** What Compose says of a project's files. */
interface Reading {
  readonly services: readonly Service[]
  readonly unset: readonly string[]
  /** Its further lines. */
  readonly rest: readonly string[]
}

/** Of so many projects the last reading is kept, by the digest of what was read. */
const kept = 64

/** Reads projects with `compose config`; what has been read with the same digest is not read again. */
export function composeReader({
  run,
  version,
  limits,
}: ComposeReaderOptions): (project: Project, call?: ReadingCall) => Promise<readonly Service[]> {
  const readings = new Map<string, Reading>()

  const config = async (project: Project, call: Call): Promise<Reading> => {
    const read = (format: 'json' | 'yaml'): Promise<CommandResult> =>
      run(project, composeArgs.config(project, format), limits, call).catch((error: unknown) =>
        Promise.reject(tooMuchToRead(project, error)),
      )
    let format: 'json' | 'yaml' = 'json'
    let result = await read(format)
    // Compose 2.26 can't write a named key of `build.ssh` as JSON.
    if (result.exitCode !== 0 && result.stderr.includes('MarshalJSON')) result = await read((format = 'yaml'))
    // Docker itself doesn't know the word `compose`: who asks for the version is told why.
    if (result.exitCode === 125) await version(call)
    if (result.exitCode !== 0) throw composeRefused(project, result)
    return { services: readServices(result.stdout, format), ...readUnset(result.stderr) }
  }
  const keep = (key: string, reading: Reading): void => {
    // Last in order: the first ones are those that nobody asked for the longest.
    readings.delete(key)
    readings.set(key, reading)
    for (const oldest of [...readings.keys()].slice(0, -kept)) readings.delete(oldest)
  }

  return async (project, call = {}) => {
    call.signal?.throwIfAborted()
    // The digest is of contents; which project they are read as goes with it.
    const key = call.digest === undefined ? undefined : JSON.stringify([call.digest, project])
    const before = key === undefined ? undefined : readings.get(key)
    const reading = before ?? (await config(project, call))
    if (key !== undefined) keep(key, reading)
    for (const line of reading.rest) call.output?.(line)
    for (const name of reading.unset) call.unset?.(name)
    return reading.services
  }
}
