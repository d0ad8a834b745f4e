import { cleanText, describeHeld, describeHold, shellWord } from '@fairway/core/basics'
import { simpleGit } from '@fairway/core/executors'
import { unholdApp } from '@fairway/core/holds'
import { exitCodes } from '../exit-codes.ts'
import { findApp } from '../find-app.ts'
import { readConfig } from '../read-config.ts'
import type { Terminal } from '../terminal.ts'

/** Ends every hold of an app, and tells what was held; deploys nothing. */
export async function unhold(
  name: string,
  options: { readonly config?: string },
  terminal: Terminal,
): Promise<number> {
  const app = findApp(name, await readConfig(options, terminal))
  const git = simpleGit({ environment: terminal.environment })
  const { app: whole, content } = await unholdApp(app, { git })
  const ended = [...(whole ? [describeHold(whole)] : []), ...content.map(describeHeld)]
  const lines =
    ended.length === 0
      ? [`Nothing of ${name} is held.`]
      : [
          ...ended.map((because) => `No longer ${cleanText(because, 1_000)}`),
          `It is deployed by the next push, or now with: fairway deploy ${shellWord(name)}`,
        ]
  terminal.stderr.write(`${lines.join('\n')}\n`)
  return exitCodes.done
}
