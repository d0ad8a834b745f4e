import { shellWord } from '@fairway/core'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '@fairway/core'
import { type Accounts, userName } from '../users.ts'
import { blocks, type Finding, warning } from './finding.ts'
import { nearest } from './nearest.ts'

/** git refuses a checkout of somebody else ("dubious ownership"), and Fairway never tells it not to. */
export async function checkOwnership(
  { path, url }: App,
  check: string,
  accounts: Accounts,
): Promise<readonly Finding[]> {
  const uid = process.getuid?.()
  if (uid === undefined) return []
  const me = userName(uid, accounts)
  const owner = await ownerOf(path)
  const fix = `sudo chown -R ${me} ${shellWord(path)}`
  if (owner === undefined) return url === undefined ? [] : checkParent(path, check, { uid, accounts })
  if (owner !== uid) {
    const message = `${path} belongs to ${userName(owner, accounts)}, and Fairway runs as ${me}: git refuses it`
    // git lets root work there when sudo tells it whose it is.
    return [uid === 0 ? warning(check, message, fix) : blocks(check, message, fix)]
  }
  const foreign = await findForeign(join(path, '.git'), uid)
  if (foreign === undefined) return []
  const message = `${foreign.path} belongs to ${userName(foreign.uid, accounts)} (a git run with sudo?): ${me} can't change it`
  return [uid === 0 ? warning(check, message, fix) : blocks(check, message, fix)]
}

/** Whether a checkout that isn't there yet could be made. */
async function checkParent(
  path: string,
  check: string,
  { uid, accounts }: { uid: number; accounts: Accounts },
): Promise<readonly Finding[]> {
  const parent = await nearest(path)
  const found = await lstat(parent)
  const mayWrite = uid === 0 || found.uid === uid || (found.mode & 0o002) !== 0 || isOfGroup(found)
  if (mayWrite) return []
  const me = userName(uid, accounts)
  return [
    blocks(
      check,
      `${path} can't be cloned: ${parent} belongs to ${userName(found.uid, accounts)}`,
      `sudo install -d -o ${me} ${shellWord(path)}`,
    ),
  ]
}

function isOfGroup({ gid, mode }: { readonly gid: number; readonly mode: number }): boolean {
  return (mode & 0o020) !== 0 && (process.getgroups?.() ?? []).includes(gid)
}

interface Foreign {
  readonly path: string
  readonly uid: number
}

/** The first thing in the upper two levels of a `.git` that is somebody else's: what git writes first lies there. */
async function findForeign(folder: string, uid: number, depth = 2): Promise<Foreign | undefined> {
  const owner = await ownerOf(folder)
  if (owner === undefined) return undefined
  if (owner !== uid) return { path: folder, uid: owner }
  // In a worktree .git is a file, and has nothing in it.
  const names = depth === 0 ? [] : await readdir(folder).catch(() => [])
  for (const name of names) {
    const found = await findForeign(join(folder, name), uid, depth - 1)
    if (found) return found
  }
  return undefined
}

async function ownerOf(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).uid
  } catch {
    // Not there, or gone while we looked.
    return undefined
  }
}
