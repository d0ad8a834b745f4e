import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A living process. */
export interface RunningProcess {
  readonly pid: number
  /** Of its process group. */
  readonly group: number
  readonly command: string
}

/** Everything that a process has started, and what that has started, as it is at this moment. */
export function descendants(root: number): readonly RunningProcess[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const parent = parentOf(entry)
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
  }
  const found: number[] = []
  for (const next = [root]; next.length > 0;) {
    const below = children.get(next.pop() as number) ?? []
    found.push(...below)
    next.push(...below)
  }
  return found.map(describe)
}

/** Processes whose current directory is that one. */
export function workingIn(directory: string): readonly RunningProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && cwdOf(entry) === directory)
    .map((entry) => describe(Number(entry)))
}

/** Kills a process and everything below it, so that nothing of it can go on. */
export function killTree(root: number): void {
  // Stopped first: none of it can start another one while the list is gone through.
  kill(root, 'SIGSTOP')
  for (let below = descendants(root); below.length > 0; below = descendants(root)) {
    const living = below.filter(({ pid }) => !isZombie(pid))
    if (living.length === 0) break
    for (const { pid } of living) kill(pid, 'SIGKILL')
  }
  kill(root, 'SIGKILL')
}

/** False where that process has ended already. */
export function kill(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

function describe(pid: number): RunningProcess {
  return { pid, group: Number(statOf(String(pid))?.[2]), command: commandOf(pid) }
}

function parentOf(pid: string): number | undefined {
  const fields = statOf(pid)
  return fields && fields[0] !== 'Z' ? Number(fields[1]) : undefined
}

function isZombie(pid: number): boolean {
  const state = statOf(String(pid))?.[0]
  return state === undefined || state === 'Z'
}

/** From field 3 on: the command's name before it may hold blanks and parentheses. */
function statOf(pid: string): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    // It ended meanwhile.
    return undefined
  }
}

function cwdOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    // It ended meanwhile, or is another user's.
    return undefined
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}
