import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cleanText } from '../../text.ts'
import type { Holder } from '../locks.ts'
import { endGroup, isAlive, isGroupAlive, type ProcessId } from '../process-group.ts'
import { claimsOf, discard, type Found, pidIn, readRecord } from './records.ts'

/** Somebody who holds the lock, or is just trying to get it. */
interface Rival {
  readonly holder: Holder
  readonly holds: boolean
}

export interface Survey {
  readonly rivals: readonly Rival[]
  /** Files that look like claims but are none: of dead processes, or not written by Fairway. */
  readonly harmless: ReadonlySet<string>
}

/** Looks who claims a lock; ends what dead holders left running and removes their files. */
export async function survey(folder: string, digest: string): Promise<Survey> {
  const files = readdirSync(folder)
  sweep(folder, files)
  const claims = claimsOf(digest, files)
  const judged = await Promise.all(claims.map((file) => judge(folder, file)))
  return {
    rivals: judged.filter((rival) => rival !== undefined),
    harmless: new Set(claims.filter((_, index) => judged[index] === undefined)),
  }
}

/** Who is behind a claim, or undefined if nobody is any more. */
async function judge(folder: string, file: string): Promise<Rival | undefined> {
  const found = readRecord(folder, file)
  const record = found && readClaim(found, pidIn(file, 'json'))
  if (!record) return undefined
  const { claimant, holder } = record
  const lives = isAlive(claimant) || isHidden(claimant.pid)
  // Read after that look: until it dies, a holder may note one more group.
  const noteFile = file.replace(/json$/, 'held')
  const note = readRecord(folder, noteFile)
  // Anybody can put a file beside another one's.
  const ownNote = note?.owner === found.owner ? note : undefined
  if (lives) return { holder, holds: ownNote !== undefined }

  const groups = readGroups(ownNote?.value)
  const ended = await Promise.all(groups.map((group) => tryToEnd(group, found.owner)))
  const left = groups.find((_, index) => !ended[index])
  if (left) {
    const who = `what ${holder.who} left running`
    return { holder: { ...holder, pid: left.pid, who }, holds: true }
  }
  discard(folder, file)
  discard(folder, noteFile)
  return undefined
}

/** Ends a group; false if it goes on and this user can't, or must not, end it. */
async function tryToEnd(group: ProcessId, owner: number): Promise<boolean> {
  if (!isGroupAlive(group)) return !isHidden(-group.pid)
  // Else anybody could have root end any process, by a file that names it.
  if (owner !== process.geteuid?.() && owner !== userOf(group.pid)) return false
  try {
    await endGroup(group)
    return true
  } catch {
    // Not permitted, or stuck in the kernel: it still works on what the lock protects, as the answer says.
    return false
  }
}

/** Whether there is a process, or a group if negative, that /proc doesn't show to this user, as under `hidepid`. */
function isHidden(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    const anotherUsers = (error as NodeJS.ErrnoException).code === 'EPERM'
    return anotherUsers && !existsSync(`/proc/${Math.abs(pid)}`)
  }
}

function userOf(pid: number): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid
}

/** Removes what processes left that died while writing or giving back. */
function sweep(folder: string, files: readonly string[]): void {
  for (const file of files) {
    const notePid = pidIn(file, 'held')
    const pid = pidIn(file, 'tmp') ?? notePid
    if (pid === undefined || isAlive({ pid }) || isHidden(pid)) continue
    const needed = notePid !== undefined && existsSync(join(folder, file.replace(/held$/, 'json')))
    if (!needed) discard(folder, file)
  }
}

interface ReadClaim {
  readonly claimant: ProcessId
  readonly holder: Holder
}

/** What a claim says, if it is one. */
export function readClaim({ value }: Found, namedPid: number | undefined): ReadClaim | undefined {
  const claimant = readProcess(value)
  if (!claimant || claimant.pid !== namedPid) return undefined
  const { who, since } = value as { readonly who?: unknown; readonly since?: unknown }
  if (typeof who !== 'string' || typeof since !== 'string') return undefined
  // Anybody can have written this; it ends up in a log.
  return { claimant, holder: { pid: claimant.pid, who: cleanText(who), since: cleanText(since, 40) } }
}

function readGroups(value: unknown): readonly ProcessId[] {
  const groups = (value as { readonly groups?: unknown } | null | undefined)?.groups
  if (!Array.isArray(groups)) return []
  // To signal group 1 is to signal every process.
  return groups.map(readProcess).filter((group): group is ProcessId => group !== undefined && group.pid > 1)
}

function readProcess(value: unknown): ProcessId | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { pid, startTime } = value as { readonly pid?: unknown; readonly startTime?: unknown }
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined
  return typeof startTime === 'string' ? { pid, startTime } : { pid }
}
