import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** A process, told apart from a later one that got the same pid. */
export interface ProcessId {
  readonly pid: number
  /** Kernel's start time in clock ticks since boot; absent where there is no /proc. */
  readonly startTime?: string
}

/** This moment's identity of a process. */
export function identify(pid: number): ProcessId {
  const startTime = readStat(pid)?.startTime
  return startTime === undefined ? { pid } : { pid, startTime }
}

/** Whether that very process lives; a zombie counts as dead. */
export function isAlive({ pid, startTime }: ProcessId): boolean {
  if (!canSignal(pid)) return false
  const found = readStat(pid)
  // Another user's process may be hidden from us; that it takes signals is proof enough.
  if (!found) return true
  return found.state !== 'Z' && (startTime === undefined || found.startTime === startTime)
}

/** Whether any process of this group lives, its leader or one that the leader left behind. */
export function isGroupAlive(leader: ProcessId): boolean {
  if (!canSignal(-leader.pid)) return false
  const found = readStat(leader.pid)
  // A pid isn't given again while its group has members: another start time is another group.
  if (found && leader.startTime !== undefined && found.startTime !== leader.startTime) return false
  if (found && found.state !== 'Z') return true
  return hasLivingMember(leader.pid)
}

/** Bytes of memory that a group's members hold at this moment; 0 where there is no /proc. */
export function groupMemory(group: number): number {
  if (!existsSync('/proc/self')) return 0
  return livingMembers(group).reduce((sum, pid) => sum + residentMemory(pid), 0)
}

function residentMemory(pid: string): number {
  try {
    const [, kibibytes = 0] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kibibytes) * 1024
  } catch {
    // It ended meanwhile.
    return 0
  }
}

/** Ends a whole process group: SIGTERM, after `grace` milliseconds SIGKILL; resolves when none is left. */
export async function endGroup(leader: ProcessId, grace = 2_000): Promise<void> {
  const wait = async (limit: number): Promise<boolean> => {
    for (const end = performance.now() + limit; performance.now() < end; await delay(20)) {
      if (!isGroupAlive(leader)) return true
    }
    return !isGroupAlive(leader)
  }
  if (!isGroupAlive(leader)) return
  signalGroup(leader.pid, 'SIGTERM')
  if (await wait(grace)) return
  signalGroup(leader.pid, 'SIGKILL')
  if (await wait(10_000)) return
  throw new Error(`Process group ${leader.pid} is still there 10 s after SIGKILL`)
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch (error) {
    // ESRCH: it ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there, as another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

interface Stat {
  readonly state: string
  readonly group: string
  readonly startTime: string
}

/** Fields 3, 5 and 22 of /proc/PID/stat; none where there is no such process or no /proc. */
function readStat(pid: number | string): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name stands in parentheses and may hold blanks and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', group: fields[2] ?? '', startTime: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

/** Looks for a member that is not a zombie: where nobody reaps them, zombies keep a group in existence. */
function hasLivingMember(group: number): boolean {
  return !existsSync('/proc/self') || livingMembers(group).length > 0
}

function livingMembers(group: number): readonly string[] {
  return readdirSync('/proc').filter((entry) => {
    const stat = /^\d+$/.test(entry) ? readStat(entry) : undefined
    return stat !== undefined && stat.group === String(group) && stat.state !== 'Z'
  })
}
