import { stat } from 'node:fs/promises'
import type { Environment } from '@fairway/core'
import type { Config } from '@fairway/server'
import { UsageError } from '../exit-codes.ts'
import type { Accounts, User } from '../users.ts'

export interface ChooseUserOptions {
  /** What `--user` names. */
  readonly named: string | undefined
  /** Of this process. */
  readonly uid: number
  readonly config: Config & { readonly file: string }
  readonly accounts: Accounts
  readonly environment: Environment
  /** The number of the user that a path belongs to; undefined where that can't be seen. */
  readonly owner?: (path: string) => Promise<number | undefined>
}

/**
 * The user that the server shall run as: the named one; else this one, unless it is root; else the owner of a checkout
 * (git lets nobody else work there), of the configuration, or who called sudo. Root only when it is named.
 */
export async function chooseUser(options: ChooseUserOptions): Promise<User> {
  const { named, uid, config, accounts, environment, owner = ownerOf } = options
  if (named !== undefined) {
    const user = accounts.users.find(({ name }) => name === named)
    if (user) return user
    throw new UsageError(
      `--user ${named}: there is no such user; sudo useradd --system --create-home ${named}`,
    )
  }
  const owners = await Promise.all([...config.apps.map(({ path }) => path), config.file].map(owner))
  const sudo = accounts.users.find(({ name }) => name === environment['SUDO_USER'])
  const found = [uid, ...owners, sudo?.uid]
    .filter((candidate) => candidate !== undefined && candidate !== 0)
    .map((candidate) => accounts.users.find((user) => user.uid === candidate))
    .find((user) => user !== undefined)
  if (found) return found
  throw new UsageError(
    'Everything here belongs to root, and a server needs none of its rights: name a user with --user (sudo useradd --system --create-home fairway makes one), and give it the checkouts',
  )
}

async function ownerOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).uid
  } catch {
    // Not there yet, or not for us to see: it can't tell who owns it.
    return undefined
  }
}
