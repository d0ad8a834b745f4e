import { readdirSync, readlinkSync } from 'node:fs'

/** Pids of processes that have a file open, also where it has been deleted; as far as this user may see. */
export function holders(file: string): readonly number[] {
  return entries('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => entries(`/proc/${pid}/fd`).some((fd) => leadsTo(`/proc/${pid}/fd/${fd}`, file)))
    .map(Number)
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    // No /proc here, or a process of another user, or one that ended meanwhile.
    return []
  }
}

function leadsTo(link: string, file: string): boolean {
  try {
    const target = readlinkSync(link)
    return target === file || target === `${file} (deleted)`
  } catch {
    return false
  }
}
