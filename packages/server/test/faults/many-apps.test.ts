import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  fakeClock,
  fakeCompose,
  fakeContainer,
  fakeEngine,
  fakeFiles,
  fakeGit,
  fakeLocks,
  pushPayload,
  signedDelivery,
} from '@fairway/core/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createServer, sqliteJournal } from '../../src/index.ts'
import { recordingLogger } from '../support/recording-logger.ts'
import { judgeHistory } from './support/history.ts'
import { secret } from './support/world.ts'

const names = Array.from({ length: 50 }, (_, i) => `app${i}`)

// Doubles of git and Docker, a real journal and a real queue.
test('F17: 500 deliveries at once for 50 apps: each is accepted, each app ends at its newest commit', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fairway-many-'))
  const journal = sqliteJournal({ directory })
  const git = fakeGit()
  const commits = Array.from({ length: 10 }, (_, i) => git.commit('refs/heads/main', { page: `${i}\n` }))
  for (const name of names) git.checkOut(`/srv/${name}`)
  const engine = fakeEngine()
  for (const name of names) engine.show(name, [fakeContainer({ service: 'web' })])
  const server = createServer({
    config: {
      server: { logFile: null, concurrency: 4 },
      webhook: { secrets: [secret] },
      apps: Object.fromEntries(
        names.map((name) => [name, { repository: `acme/${name}`, branch: 'main', path: `/srv/${name}` }]),
      ),
    },
    journal,
    logger: recordingLogger(),
    executors: {
      git,
      engine,
      compose: fakeCompose({ services: [{ name: 'web', replicas: 1 }] }),
      files: fakeFiles(
        Object.fromEntries(names.map((name) => [`/srv/${name}/compose.yaml`, 'services: {}\n'])),
      ),
      locks: fakeLocks(),
      clock: fakeClock(),
    },
  })
  onTestFinished(async () => {
    await server.close()
    await rm(directory, { recursive: true })
  })

  const promised = new Map<string, readonly string[]>()
  const statuses = await Promise.all(
    Array.from({ length: 500 }, async (_, i) => {
      const id = `delivery-${i}`
      const payload = pushPayload({
        repository: `acme/${names[i % 50]}`,
        after: commits[Math.floor(i / 50)] ?? '',
      })
      const { headers, body } = signedDelivery({ secret, id, payload })
      const answer = await server.app.request('/webhook', {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: new Uint8Array(body),
      })
      const { deployments } = (await answer.json()) as { deployments: { id: string }[] }
      promised.set(
        id,
        deployments.map((deployment) => deployment.id),
      )
      return answer.status
    }),
  )
  expect(new Set(statuses)).toEqual(new Set([202]))

  const all = () => journal.deployments({ limit: 1_000 })
  await expect
    .poll(async () => (await all()).filter(({ endedAt }) => endedAt === null).length, { timeout: 30_000 })
    .toBe(0)
  const deployments = await all()
  expect(deployments).toHaveLength(500)
  const ran = deployments.filter(({ status }) => status !== 'superseded')
  expect(new Set(ran.map(({ status, commit }) => `${status} ${commit}`))).toEqual(
    new Set([`success ${commits.at(-1)}`]),
  )
  expect(new Set(ran.map(({ app }) => app)).size).toBe(50)
  const followed = new Map(names.map((name) => [name, commits]))
  expect(judgeHistory({ promised, deployments, commits: followed })).toEqual([])
})
