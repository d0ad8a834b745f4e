import { readdirSync, readFileSync } from 'node:fs'
import { describeError } from '../../src/errors.ts'
import { isGroupAlive } from '../../src/executors/process-group.ts'
import { type Call, trackChildren } from '../../src/run.ts'

/** Notes what a call starts and says. */
export interface Watched {
  readonly call: Call
  readonly output: readonly string[]
  /** Process groups that were started so far. */
  readonly groups: () => readonly number[]
  /** Those of them in which something still lives. */
  readonly survivors: () => readonly number[]
}

export function watch(signal?: AbortSignal): Watched {
  const output: string[] = []
  const groups = new Set<number>()
  const children = trackChildren()
  children.watch((running) => running.forEach((group) => groups.add(group)))
  return {
    call: { children, output: (line) => void output.push(line), ...(signal ? { signal } : {}) },
    output,
    groups: () => [...groups],
    survivors: () => [...groups].filter((pid) => isGroupAlive({ pid })),
  }
}

/** What is thrown, with its whole text beside it. */
export async function failureOf(task: Promise<unknown>): Promise<{ error: unknown; text: string }> {
  try {
    await task
  } catch (error) {
    return { error, text: describeError(error) }
  }
  throw new Error('It succeeded')
}

/** The command lines of all processes of these groups. */
export function commandLines(groups: readonly number[]): readonly string[] {
  return processes().flatMap((pid) => {
    const stat = readProcess(pid, 'stat')
    const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])
    return groups.includes(group) ? [readProcess(pid, 'cmdline').replaceAll('\0', ' ').trim()] : []
  })
}

/** Command lines of all processes of this machine that have this text. */
export function commandLinesNaming(part: string): readonly string[] {
  return processes()
    .map((pid) => readProcess(pid, 'cmdline').replaceAll('\0', ' '))
    .filter((line) => line.includes(part))
}

function processes(): readonly string[] {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
}

function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // It ended between the look at the folder and this one.
    return ''
  }
}
