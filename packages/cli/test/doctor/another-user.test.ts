import { chmod } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runCommand } from '@fairway/core'
import { expect, test } from 'vitest'
import type { Finding } from '../../src/doctor/finding.ts'
import { folder, secret } from '../support.ts'

const isRoot = process.getuid?.() === 0
const me = isRoot ? 'nobody' : userInfo().username
const fixture = fileURLToPath(new URL('./fixtures/doctor-as-nobody.ts', import.meta.url))

/** Everything in it belongs to root, as /etc and / do everywhere. */
const config = `
server: { port: 0, dataDir: /etc/fairway-data, logFile: /etc/fairway-test.log }
apps:
  shop: { repository: acme/shop, path: / }
  fresh: { repository: acme/fresh, path: "/etc/a fresh one", url: https://localhost:1/acme/fresh.git }
`

async function look(): Promise<{ exitCode: number; findings: readonly Finding[] }> {
  const directory = await folder({ 'fairway.yaml': config })
  await chmod(directory, 0o755)
  const { PATH } = process.env
  const { exitCode, stdout } = await runCommand({
    command: process.execPath,
    args: ['--conditions=@fairway/source', fixture],
    directory,
    environment: { PATH, HOME: '/', GITHUB_WEBHOOK_SECRET: secret },
  })
  return { exitCode, ...(JSON.parse(stdout) as { findings: readonly Finding[] }) }
}

test('S38: what belongs to somebody else blocks, by name, with the command that mends it', async () => {
  const { exitCode, findings } = await look()
  expect(exitCode).toBe(3)
  const of = (check: string): readonly Finding[] => findings.filter((finding) => finding.check === check)
  expect(of('apps.shop')).toEqual([
    {
      check: 'apps.shop',
      level: 'blocks',
      message: `/ belongs to root, and Fairway runs as ${me}: git refuses it`,
      fix: `sudo chown -R ${me} /`,
    },
  ])
  expect(of('apps.fresh')).toEqual([
    {
      check: 'apps.fresh',
      level: 'blocks',
      message: "/etc/a fresh one can't be cloned: /etc belongs to root",
      fix: `sudo install -d -o ${me} '/etc/a fresh one'`,
    },
  ])
  expect(of('data')).toEqual([
    {
      check: 'data',
      level: 'blocks',
      message: `${me} can't write to /etc/fairway-data: /etc belongs to root`,
      fix: `sudo install -d -o ${me} /etc/fairway-data`,
    },
  ])
  expect(of('log')).toMatchObject([
    { level: 'blocks', message: `${me} can't write to /etc: /etc belongs to root` },
  ])
  // Whoever runs these tests without being root is in the group.
  expect(of('docker group')).toMatchObject([
    isRoot
      ? { level: 'blocks', fix: expect.stringContaining('then log out and in again') as string }
      : { level: 'ok' },
  ])
})
