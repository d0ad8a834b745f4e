import { randomBytes } from 'node:crypto'
import { exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'

/** Prints 32 random bytes as hex: the secret alone on stdout, what to do with it on stderr. */
export function secretNew({ stdout, stderr }: Terminal): number {
  stdout.write(`${randomBytes(32).toString('hex')}\n`)
  stderr.write(
    'Put it into .env as GITHUB_WEBHOOK_SECRET, and into the webhook at your git host as its secret.\n',
  )
  return exitCodes.done
}
