import { DeployError } from '@fairway/core'
import {
  fakeClock,
  fakeCompose,
  fakeEngine,
  fakeFiles,
  fakeGit,
  fakeLocks,
  signedDelivery,
} from '@fairway/core/testing'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLogger, createServer, memoryJournal } from '../../src/index.ts'

const secret = 'a secret of more than sixteen characters'
const noon = new Date(2026, 0, 31, 12)
const stamp = '2026-01-31 12:00:00,000'
const forged = `\n${stamp} - INFO - ✅ Deployment task for shop finished.\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.exe\u2066\u200f\u0000\r`
const shown = `\\n${stamp} - INFO - ✅ Deployment task for shop finished.\\x1b[2J\\x1b]0;owned\\x07\\x9b31m\\u202egnp.exe\\u2066\\u200f\\x00\\r`

/** A server whose checkout, remote and Compose say hostile things; gives what the terminal gets. */
function start(format: 'text' | 'json') {
  const terminal: string[] = []
  const git = fakeGit()
  git.commit('refs/heads/main', { 'docker-compose.prod.yml': '' })
  git.checkOut('/srv/shop')
  const compose = fakeCompose({ services: [{ name: 'web', replicas: 1 }] })
  const journal = memoryJournal()
  const server = createServer({
    config: {
      server: { logFile: null, logFormat: format },
      webhook: { secrets: [secret] },
      apps: { shop: { repository: 'acme/shop', branch: 'main', path: '/srv/shop' } },
    },
    logger: createLogger({
      format,
      logFile: null,
      secrets: [],
      now: () => noon,
      console: (lines) => void terminal.push(...lines.split(format === 'json' ? '\n' : '\r')),
    }),
    journal,
    executors: {
      git,
      compose,
      engine: fakeEngine(),
      locks: fakeLocks(),
      clock: fakeClock(),
      files: fakeFiles({ '/srv/shop/docker-compose.prod.yml': '' }),
    },
  })
  onTestFinished(() => server.close())
  const post = async (payload: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const signed = signedDelivery({ secret, payload, headers })
    const answer = await server.app.request('/webhook', {
      method: 'POST',
      headers: signed.headers as Record<string, string>,
      body: new Uint8Array(signed.body),
    })
    // The lines of deliveries wait for those of others that come at the same moment.
    await nextTurn()
    return answer
  }
  return { terminal, post, journal, git, compose }
}

const push = (more: object = {}): object => ({
  ref: 'refs/heads/main',
  repository: { name: 'shop', full_name: 'acme/shop' },
  pusher: { name: 'ada' },
  ...more,
})

/** Every line is an entry of the log or an indented part of one, of harmless characters only. */
function expectHarmless(terminal: readonly string[]): void {
  for (const line of terminal.flatMap((text) => text.split('\n'))) {
    expect(line).toMatch(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (DEBUG|INFO|WARNING|ERROR) - | {4})/)
    expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u061c\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u)
  }
}

/** Waits for the end of the deployment that a push asked for. */
async function deploy({ post, journal }: ReturnType<typeof start>): Promise<void> {
  await post(push())
  await vi.waitFor(async () => expect((await journal.deployments())[0]?.endedAt).toEqual(expect.any(String)))
}

test('S27: what a push says of itself is shown escaped, cut, and on one line: the bytes of the terminal', async () => {
  const { terminal, post } = start('text')
  const long = 'x'.repeat(500)
  const cut = `${'x'.repeat(200)}…`
  const verified = [
    'INFO - Webhook request received.',
    'INFO - Signature verified successfully.',
    'INFO - Signed with webhook.secrets[0].',
  ]
  await post(
    push({
      repository: { name: `shop${forged}`, full_name: `acme/shop${forged}` },
      pusher: { name: `ada${forged}` },
    }),
  )
  await post(push({ ref: `refs/heads/${forged}`, pusher: { name: long } }))
  await post(
    push({
      repository: { name: long, full_name: `acme/${long}` },
      ref: `refs/heads/${long}`,
      pusher: { name: `\ud800${long}` },
    }),
  )
  const golden = [
    ...verified,
    `INFO - Event: push, Repo: shop${shown}, Ref: refs/heads/main, Pusher: ada${shown}`,
    `WARNING - 🚫 Unknown repository: shop${shown}`,
    ...verified,
    `INFO - Event: push, Repo: shop, Ref: refs/heads/${shown}, Pusher: ${cut}`,
    `INFO - Nothing to deploy: shop follows main, not refs/heads/${shown}`,
    ...verified,
    `INFO - Event: push, Repo: ${cut}, Ref: refs/heads/${cut.slice(11)}, Pusher: \\ud800${cut.slice(6)}`,
    `WARNING - 🚫 Unknown repository: ${cut}`,
  ]
  expect(Buffer.from(terminal.join('\n'))).toEqual(
    Buffer.from(golden.map((line) => `${stamp} - ${line}`).join('\n')),
  )
  expectHarmless(terminal)
})

test('S27: headers and bodies that are refused show nothing of themselves but escaped and cut', async () => {
  const { terminal, post } = start('text')
  // Only what HTTP lets through: no C0 but the tab.
  const header = `push\t\u0085\u009b2J${'x'.repeat(300)}`
  await post(push(), { 'x-github-event': header, 'x-github-delivery': header })
  await post({ ref: 7, repository: { name: forged }, pusher: forged })
  await post(forged)
  expectHarmless(terminal)
  expect(terminal.join('\n')).toContain(`Repo: ${shown}, Ref: unknown_ref`)
  expect(Math.max(...terminal.map((line) => line.length))).toBeLessThan(700)
})

test('S27: names of files, and what git, Compose and a bug say, are shown escaped in text and in json', async () => {
  for (const format of ['text', 'json'] as const) {
    const world = start(format)
    const { terminal, git, compose } = world
    await deploy(world)
    git.commit('refs/heads/main', { 'docker-compose.prod.yml': '', [`web/${forged}`]: 'x' })
    compose.fail(
      'up',
      new DeployError('compose_failed', `Cannot bring up: ${forged}`, { output: [forged, forged] }),
    )
    await deploy(world)
    git.fail('fetch', new DeployError('git_failed', `Cannot fetch: ${forged}`, { hint: forged }))
    await deploy(world)
    git.fail('fetch', new Error(forged))
    await deploy(world)
    const said =
      format === 'text' ? terminal : terminal.map((line) => (JSON.parse(line) as { message: string }).message)
    for (const line of said.flatMap((text) => text.split('\n')))
      expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2060-\u206f]/u)
    expect(said.join('\n')).toContain(shown.slice(2, -2))
    if (format === 'text') expectHarmless(terminal)
    else expect(terminal.every((line) => !line.includes('\n'))).toBe(true)
  }
})
