import { DeployError, isDeployError } from '@fairway/core'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../lib/run.ts'

/** Starts the command that is installed in a project as a server, with one app, uses it by its URL, and stops it. */
export async function withInstalled(project: string, use: (url: string) => Promise<void>): Promise<void> {
  const file = join(project, 'fairway.yaml')
  await writeFile(file, configuration(project), { mode: 0o600 })
  const bin = join(project, 'node_modules/@fairway/cli/bin/fairway.js')
  const stop = new AbortController()
  const { promise: listening, resolve } = Promise.withResolvers<string>()
  const ended = run(process.execPath, [bin, '--config', file, 'serve'], {
    directory: project,
    signal: stop.signal,
    output: (line) => foundUrl(line, resolve),
  }).then((said): never => {
    throw new Error(`The server ended by itself:\n${said}`)
  })
  try {
    await use(await Promise.race([listening, ended]))
  } finally {
    stop.abort(new DeployError('cancelled', 'it was looked at'))
    await ended.catch((error: unknown) => {
      if (!isDeployError(error, 'cancelled')) throw error
    })
  }
}

function foundUrl(line: string, found: (url: string) => void): void {
  const url = /Listening on (http:\S+)/.exec(line)?.[1]
  if (url !== undefined) found(url)
}

function configuration(project: string): string {
  return JSON.stringify({
    server: { port: 0, dataDir: join(project, 'data'), logFile: null },
    webhook: { secrets: ['a secret of more than sixteen characters'] },
    apps: { shop: { repository: 'acme/shop', branch: 'main', path: join(project, 'checkout') } },
  })
}
