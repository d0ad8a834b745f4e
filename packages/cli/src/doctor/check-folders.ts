import { shellWord } from '@fairway/core'
import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config, Executors } from '@fairway/server'
import { type Accounts, userName } from '../users.ts'
import { blocks, type Finding, fromError, ok } from './finding.ts'
import { nearest } from './nearest.ts'

/** What the server itself writes: its data, its log, its locks. */
export async function checkFolders(
  { server }: Config,
  { locks }: Executors,
  accounts: Accounts,
): Promise<readonly Finding[]> {
  return Promise.all([
    checkData(server.dataDir, accounts),
    checkLog(server.logFile, accounts),
    checkLocks(locks),
  ])
}

async function checkData(path: string, accounts: Accounts): Promise<Finding> {
  const refused = await refusal(path, accounts)
  if (refused !== undefined) return blocks('data', ...refused)
  const found = await stat(path).catch(() => undefined)
  const uid = process.getuid?.() ?? 0
  if (found?.isDirectory() === false) {
    return blocks(
      'data',
      `${path} is a file, and the data directory must be a folder`,
      'Set server.dataDir to another place',
    )
  }
  // The server gives it mode 0700, which its owner alone may.
  if (found !== undefined && uid !== 0 && found.uid !== uid) {
    const me = userName(uid, accounts)
    return blocks(
      'data',
      `${path} belongs to ${userName(found.uid, accounts)}, and Fairway runs as ${me}`,
      `sudo chown -R ${me} ${shellWord(path)}`,
    )
  }
  return ok('data', `${path} ${found === undefined ? 'can be made' : 'can be written'}`)
}

async function checkLog(path: string | null, accounts: Accounts): Promise<Finding> {
  if (path === null) return ok('log', 'goes to the console alone')
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  const refused = await refusal(isThere ? path : dirname(path), accounts)
  return refused === undefined ? ok('log', `${path} can be written`) : blocks('log', ...refused)
}

/** Taken for a moment: only that proves that one can. */
async function checkLocks(locks: Executors['locks']): Promise<Finding> {
  try {
    const attempt = await locks.take(`doctor:${process.pid}`, 'fairway doctor')
    if (attempt.taken) await attempt.lock.release()
    return ok('locks', 'the folder of the lock files can be used')
  } catch (error) {
    return fromError('locks', error)
  }
}

/** Why a path can't be written, or made, and what mends it. */
async function refusal(path: string, accounts: Accounts): Promise<readonly [string, string] | undefined> {
  const place = await nearest(path)
  try {
    await access(place, constants.W_OK)
    return undefined
  } catch (error) {
    const me = userName(process.getuid?.() ?? 0, accounts)
    const isReadOnly = (error as NodeJS.ErrnoException).code === 'EROFS'
    const why = isReadOnly
      ? 'the file system is mounted read-only'
      : `${place} belongs to ${await ownerOf(place, accounts)}`
    const make =
      place === path ? `sudo chown ${me} ${shellWord(path)}` : `sudo install -d -o ${me} ${shellWord(path)}`
    return [
      `${me} can't write to ${path}: ${why}`,
      isReadOnly ? `sudo mount -o remount,rw "$(findmnt -no TARGET -T ${shellWord(place)})"` : make,
    ]
  }
}

async function ownerOf(path: string, accounts: Accounts): Promise<string> {
  return userName((await stat(path)).uid, accounts)
}
