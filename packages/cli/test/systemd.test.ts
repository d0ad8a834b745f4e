import { expect, test } from 'vitest'
import { userInfo } from 'node:os'
import { fairway, folder } from './support.ts'
import { judge } from './systemd/support.ts'

const config = 'server: { logFile: null }\napps:\n  shop: { repository: acme/shop, path: "./my shop 100%" }\n'
const { username } = userInfo()

test('systemd prints a unit that systemd takes, for the configuration that is there', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const { exitCode, stdout } = await fairway(['systemd', '--user', 'daemon'], { directory })
  expect(exitCode).toBe(0)
  expect(stdout).toContain(`ReadWritePaths="-${directory}/my shop 100%%"`)
  expect(stdout).toContain('LoadCredential=GITHUB_WEBHOOK_SECRET:/etc/fairway/webhook-secret')
  expect(stdout).toMatch(/^ExecStart=\/.* --config \S+\/fairway\.yaml serve$/m)
  const { complaints, exposure, passed } = await judge(stdout)
  expect({ complaints, passed }).toEqual({ complaints: '', passed: true })
  expect(exposure).toBeLessThanOrEqual(2)
})

test.each([
  ['a wrong configuration', ['systemd'], `${config}nonsense: 1\n`, 'nonsense: is not a known key'],
  ['a user that is not there', ['systemd', '--user', 'nobody-here'], config, 'there is no such user'],
])('%s exits 2', async (_, args, yaml, said) => {
  const directory = await folder({ 'fairway.yaml': yaml })
  const { exitCode, stdout, stderr } = await fairway(args, { directory })
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain(said)
})

test('--install exits 3 where this process may not, and says how it could', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const { exitCode, stderr } = await fairway(['systemd', '--install', '--user', username], { directory })
  expect(exitCode).toBe(3)
  expect(stderr).toContain('Cannot install: ')
  expect(stderr).toContain('fairway systemd without --install prints the unit')
})
