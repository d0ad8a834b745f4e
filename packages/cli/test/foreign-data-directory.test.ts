import { chmod, mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runCommand } from '@fairway/core'
import { expect, test } from 'vitest'
import { folder, secret } from './support.ts'
import { twoApps } from './support/journal.ts'

const main = fileURLToPath(new URL('fixtures/run-as-nobody.ts', import.meta.url))

test.each([
  ['journal.db', ['status']],
  ['journal.db', ['deployments']],
  ['journal.db', ['why', 'shop', 'web']],
  ['server.lock', ['deploy', 'shop']],
] as const)("another user's %s is said in words, with whom to be: %j", async (file, args) => {
  const directory = await folder({ 'fairway.yaml': twoApps })
  await chmod(directory, 0o755)
  await mkdir(`${directory}/.fairway`, { mode: 0o700 })
  const { PATH = '' } = process.env
  const { exitCode, stderr } = await runCommand({
    command: process.execPath,
    args: ['--conditions=@fairway/source', main, ...args],
    directory,
    environment: { PATH, HOME: directory, GITHUB_WEBHOOK_SECRET: secret },
    live: 'both',
  })
  const place = `${directory}/.fairway`
  expect(stderr).toBe(
    [
      `fairway: Cannot use ${place}/${file} as nobody: ${place} belongs to root`,
      'Run it as root, such as with: sudo -u root fairway ...\n',
    ].join('\n'),
  )
  expect(exitCode).toBe(3)
})
