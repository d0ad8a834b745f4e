import { readFile } from 'node:fs/promises'

/** A user of this machine. */
export interface User {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
}

/** A group of this machine. */
interface Group {
  readonly name: string
  readonly gid: number
  /** Names of those who are in it beside the users whose first group it is. */
  readonly members: readonly string[]
}

/** Who is who here, from /etc/passwd and /etc/group: users of a directory service are known by their number only. */
export interface Accounts {
  readonly users: readonly User[]
  readonly groups: readonly Group[]
}

export async function readAccounts(folder = '/etc'): Promise<Accounts> {
  const [passwd, group] = await Promise.all([
    readFile(`${folder}/passwd`, 'utf8'),
    readFile(`${folder}/group`, 'utf8'),
  ])
  return { users: parsePasswd(passwd), groups: parseGroup(group) }
}

/** The user's name, or `user 1003` where nobody of that number is known. */
export function userName(uid: number, { users }: Accounts): string {
  return users.find((user) => user.uid === uid)?.name ?? `user ${uid}`
}

function parsePasswd(text: string): readonly User[] {
  return lines(text).flatMap(([name = '', , uid, gid, , home = '']) =>
    name === '' ? [] : [{ name, uid: Number(uid), gid: Number(gid), home }],
  )
}

function parseGroup(text: string): readonly Group[] {
  return lines(text).flatMap(([name = '', , gid, members = '']) =>
    name === '' ? [] : [{ name, gid: Number(gid), members: members.split(',').filter((one) => one !== '') }],
  )
}

function lines(text: string): readonly (readonly string[])[] {
  return text.split('\n').map((line) => line.split(':'))
}
