import { cleanText, describeHold, shellWord } from '@fairway/core/basics'
import { simpleGit } from '@fairway/core/executors'
import { holdApp } from '@fairway/core/holds'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { findApp } from '../find-app.ts'
import { readConfig } from '../read-config.ts'
import type { Terminal } from '../terminal.ts'
import { thisUser } from '../this-user.ts'

export interface HoldOptions {
  readonly config?: string
  readonly reason?: string
}

/** Holds an app: no push and no `fairway deploy` of it is deployed until `fairway unhold`. Needs no server. */
export async function hold(name: string, options: HoldOptions, terminal: Terminal): Promise<number> {
  const by = thisUser()
  const reason = options.reason === undefined ? undefined : cleanText(options.reason, 500).trim()
  if (reason === '') throw new UsageError('--reason is empty')
  const app = findApp(name, await readConfig(options, terminal))
  const git = simpleGit({ environment: terminal.environment })
  const { app: held } = await holdApp(app, { git, by, ...(reason === undefined ? {} : { reason }) })
  const how = held ? cleanText(describeHold(held), 1_000) : 'held'
  terminal.stderr.write(`${name} is ${how}\nTo end it: fairway unhold ${shellWord(name)}\n`)
  return exitCodes.done
}
