import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { readdir, realpath, rm } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Call } from '../../run.ts'
import { lstatOrNothing } from './blob.ts'
import { findDirectories } from './directories.ts'
import type { ReadGit } from './reads.ts'

/** Milliseconds that a lock must have lain there unchanged. */
const settled = 1_000

/** Removes the lock files that killed git processes left: git itself never does, and every later command would fail. */
export async function removeStaleLocks(path: string, read: ReadGit, call?: Call): Promise<void> {
  const { own, common } = await findDirectories(path, read, call)
  const directories = [...new Set([own, common])]
  const found = (await Promise.all(directories.map(listLocks))).flat()
  if (found.length === 0) return
  const places = await Promise.all([path, ...directories].map((place) => realpath(place)))
  for (const lock of found) await removeIfStale(lock, places, call)
}

async function listLocks(gitDirectory: string): Promise<readonly string[]> {
  const own = ['index', 'HEAD', 'packed-refs', 'shallow', 'fairway-index']
    .map((name) => join(gitDirectory, `${name}.lock`))
    .map(async (file) => ((await lstatOrNothing(file)) ? [file] : []))
  const refs = join(gitDirectory, 'refs')
  const below = (await lstatOrNothing(refs)) ? await readdir(refs, { recursive: true }) : []
  const ofRefs = below.filter((name) => name.endsWith('.lock')).map((name) => join(refs, name))
  return [...(await Promise.all(own)).flat(), ...ofRefs]
}

async function removeIfStale(lock: string, places: readonly string[], call?: Call): Promise<void> {
  const before = await lstatOrNothing(lock)
  if (before === undefined || !before.isFile()) return
  const age = Date.now() - Number(before.mtimeMs)
  if (age < settled) await delay(settled, undefined, call?.signal ? { signal: call.signal } : {})
  const after = await lstatOrNothing(lock)
  const unchanged = after !== undefined && after.ino === before.ino && after.mtimeMs === before.mtimeMs
  if (unchanged && !mayBeHeld(await realpath(lock), places)) await rm(lock, { force: true })
}

/** Whether some process has the file open or, being git, works in one of the places; also where that can't be found out. */
export function mayBeHeld(lock: string, places: readonly string[]): boolean {
  try {
    const processes = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
    return processes.length === 0 || processes.some((pid) => holds(pid, lock, places))
  } catch {
    return true
  }
}

function holds(pid: string, lock: string, places: readonly string[]): boolean {
  try {
    // Between writing a lock and using it, as while an editor is open, git has the file closed.
    if (isGit(pid)) {
      const cwd = readlinkSync(`/proc/${pid}/cwd`)
      if (places.some((place) => cwd === place || cwd.startsWith(place + sep))) return true
    }
    return readdirSync(`/proc/${pid}/fd`).some((fd) => opened(pid, fd) === lock)
  } catch (error) {
    // Another user's process can't be looked into; only a git could hold the lock. ENOENT, ESRCH: it ended.
    return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '') && isGit(pid)
  }
}

function opened(pid: string, fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`)
  } catch {
    return undefined
  }
}

function isGit(pid: string): boolean {
  try {
    const living = !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    return living && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('git')
  } catch {
    return false
  }
}
