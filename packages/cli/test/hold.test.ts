import { mkdir, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { run } from '../../../scripts/lib/run.ts'
import { folder, inProcess, secret } from './support.ts'
import { twoApps } from './support/journal.ts'

const environment = { GITHUB_WEBHOOK_SECRET: secret, DOCKER_HOST: 'unix:///nonexistent.sock' }

/** A configuration whose app has a checkout, in which nothing was deployed yet. */
async function checkedOut(): Promise<string> {
  const directory = await folder({ 'fairway.yaml': twoApps })
  await run('git', ['init', '-q', '-b', 'main', `${directory}/shop`])
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
  await run('git', ['-C', `${directory}/shop`, ...author, 'commit', '-q', '--allow-empty', '-m', 'first'])
  return directory
}

const command = (directory: string, ...args: readonly string[]) => inProcess(args, { directory, environment })

test('hold keeps its reason in the checkout, without server or Docker; status tells it, unhold ends it', async () => {
  const directory = await checkedOut()
  const held = await command(directory, 'hold', 'shop', '--reason', 'the fair\u001b[31m is on')
  expect(held).toMatchObject({ exitCode: 0, stdout: '' })
  expect(held.stderr).toContain('To end it: fairway unhold shop')
  const status = await command(directory, 'status', 'shop')
  expect(status.stdout).toMatch(/hold +held because the fair.* is on\n/)
  expect(status.stdout).not.toContain('\u001b')
  const { stdout } = await command(directory, 'status', 'shop', '--json')
  const [app] = (JSON.parse(stdout) as { apps: { holds: object[]; releases: object[] }[] }).apps
  expect(app?.holds).toMatchObject([
    { service: null, commit: null, reason: expect.stringContaining('is on') as string },
  ])
  expect(app?.releases).toEqual([])

  const ended = await command(directory, 'unhold', 'shop')
  expect(ended.exitCode).toBe(0)
  expect(ended.stderr).toMatch(/^No longer held because the fair.* is on\n/)
  expect((await command(directory, 'status', 'shop')).stdout).not.toContain('held because')
  expect(await command(directory, 'unhold', 'shop')).toMatchObject({
    exitCode: 0,
    stderr: 'Nothing of shop is held.\n',
  })
})

test('a hold names who holds, where no reason is given', async () => {
  const directory = await checkedOut()
  const { stderr } = await command(directory, 'hold', 'shop')
  expect(stderr).toMatch(/^shop is held by \S+\n/)
  expect((await command(directory, 'status', 'shop')).stdout).toMatch(/hold +held by \S+\n/)
})

test.each(['hold', 'unhold'])('%s of an app without a checkout says where it is missed', async (name) => {
  const directory = await folder({ 'fairway.yaml': twoApps })
  const { exitCode, stderr } = await command(directory, name, 'shop')
  expect(exitCode).toBe(1)
  expect(stderr).toContain(`${directory}/shop is not the top folder of a git checkout`)
})

test('an app that is not configured, and an empty reason, are wrong usage', async () => {
  const directory = await checkedOut()
  expect((await command(directory, 'hold', 'shopp')).exitCode).toBe(2)
  expect((await command(directory, 'unhold', 'shopp')).stderr).toContain('did you mean shop?')
  expect((await command(directory, 'hold', 'shop', '--reason', ' ')).exitCode).toBe(2)
  expect((await command(directory, 'rollback', 'shop', '--to', '')).exitCode).toBe(2)
})

test('an app that was never checked out has nothing to go back to', async () => {
  const directory = await folder({ 'fairway.yaml': twoApps })
  const server = { pid: process.pid, since: new Date().toISOString(), address: 'http://127.0.0.1:8000' }
  // Beside a server no Docker is asked.
  await mkdir(`${directory}/.fairway`)
  await writeFile(`${directory}/.fairway/server.lock`, JSON.stringify(server))
  const { exitCode, stderr } = await command(directory, 'rollback', 'shop')
  expect(exitCode).toBe(1)
  expect(stderr).toContain('Cannot go back with shop: there is no release before the one that is deployed')
})
