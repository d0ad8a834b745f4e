import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../environment.ts'
import type { Holder } from '../locks.ts'
import { isAlive } from '../process-group.ts'
import { locksFolder } from './folder.ts'
import { claimsOf, digestOf, explaining, pidIn, readRecord } from './records.ts'
import { readClaim } from './survey.ts'

/** Who has one of `fileLocks()` in their hands; only looks, where `take` would get in the way of others. */
export function lockHolder(
  what: string,
  { environment = process.env }: { readonly environment?: Environment } = {},
): Promise<Holder | undefined> {
  return explaining(`Cannot tell who holds ${what}`, () => {
    const folder = locksFolder(undefined, environment)
    const won = claimsOf(digestOf(what), readdirSync(folder)).filter((file) =>
      existsSync(join(folder, file.replace(/json$/, 'held'))),
    )
    return won.map((file) => livingHolder(folder, file)).find((holder) => holder !== undefined)
  })
}

function livingHolder(folder: string, file: string): Holder | undefined {
  const found = readRecord(folder, file)
  const record = found && readClaim(found, pidIn(file, 'json'))
  return record && isAlive(record.claimant) ? record.holder : undefined
}
