import { expect, test } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
import type { Container } from '../../src/domain/container.ts'
import type { Pull } from '../../src/domain/pull.ts'
import type { Rebuild } from '../../src/domain/rebuild.ts'
import { pipeline } from '../../src/pipeline.ts'
import { recordDeployed } from '../../src/steps/record-deployed.ts'
import { fakeContainer } from '../../src/testing/fake-engine.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'

const path = '/srv/shop'
const app = defineApp({ name: 'shop', repository: 'acme/shop', path })

/** A checkout whose last deployment failed after it may have built `web`. */
async function checkout() {
  const git = fakeGit()
  const commit = git.commit('refs/heads/main', { 'web/index.html': 'one\n' })
  git.checkOut(path)
  await git.writeState(path, 'shop', { services: { gone: {} }, unsettled: ['web'] })
  return { git, commit }
}

async function record(git: ReturnType<typeof fakeGit>, after: string) {
  const builds = { web: 'sha256:build', worker: 'sha256:worker' }
  const rebuild: Rebuild = { needed: true, services: ['web'], because: [], reasons: {}, builds }
  const containers = [
    fakeContainer({ service: 'web', image: 'sha256:one' }),
    fakeContainer({ service: 'web', id: 'web2', image: 'sha256:one' }),
    fakeContainer({ service: 'db', image: 'sha256:db' }),
  ]
  const lines: string[] = []
  const log = { debug() {}, info: (line: string) => void lines.push(line), warn() {}, error() {} }
  interface Input {
    app: App
    pull: Pull
    rebuild: Rebuild
    containers: readonly Container[]
  }
  const outcome = await pipeline<Input>()
    .use(recordDeployed({ git }))
    .run({ app, pull: { after, ref: 'refs/heads/main' }, rebuild, containers }, { log })
  return { outcome, lines }
}

test('what was deployed becomes the base of the next decision, and nothing is unsettled any more', async () => {
  const { git, commit } = await checkout()
  const { outcome, lines } = await record(git, commit)
  expect(outcome.status).toBe('success')
  expect(git.calls.at(-1)).toBe(`deployed shop ${commit}`)
  expect(await git.deployed(path, 'shop')).toBe(commit)
  expect(await git.readState(path, 'shop')).toEqual({
    commit,
    services: {
      db: { image: 'sha256:db' },
      web: { build: 'sha256:build', image: 'sha256:one' },
      worker: { build: 'sha256:worker' },
    },
    unsettled: [],
  })
  expect(lines).toEqual(['✅ Deployment task for shop finished.'])
})

test('a record that cannot be written fails the deployment, and nothing is said to be finished', async () => {
  const { git, commit } = await checkout()
  git.fail('recordDeployed')
  const { outcome, lines } = await record(git, commit)
  expect(outcome).toMatchObject({ status: 'failure', step: 'recordDeployed', error: { code: 'git_failed' } })
  expect(await git.deployed(path, 'shop')).toBeUndefined()
  expect((await git.readState(path, 'shop'))?.unsettled).toEqual(['web'])
  expect(lines).toEqual([])
})
