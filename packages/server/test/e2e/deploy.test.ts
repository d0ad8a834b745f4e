import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pushPayload, signedDelivery } from '@fairway/core/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../../../scripts/lib/run.ts'
import { composeFile, dockerfile, makeWorld, secret, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.close())

const base = {
  'docker-compose.prod.yml': composeFile({ web: './deploy/web', api: './api' }),
  'deploy/web/Dockerfile': dockerfile,
  'deploy/web/index.html': 'web 1\n',
  'api/Dockerfile': dockerfile,
  'api/index.html': 'api 1\n',
  'docs/readme.md': 'hello\n',
}

async function first(): Promise<void> {
  await world.origin.commit('first', base)
  await world.origin.push()
  expect(await world.deploy()).toMatchObject({ status: 'success', reason: null })
}

test('a first push clones, builds and serves; every step is recorded', async () => {
  await first()
  expect(await world.served('web')).toBe('web 1')
  expect(await world.served('api')).toBe('api 1')
  const [deployment] = await world.journal.deployments()
  expect(deployment?.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'lockCheckout success',
    'refuseOwnCheckout success',
    'refuseHeld success',
    'gitPull success',
    'lockProject success',
    'makePlan success',
    'refuseItself success',
    'checkDisk success',
    'buildImages success',
    'beforeUp success',
    'migrate success',
    'applyPlan success',
    'waitHealthy success',
    'afterUp success',
    'keepRelease success',
    'recordDeployed success',
    'prune success',
  ])
  const head = (
    await run('git', ['rev-parse', 'refs/fairway/deployed/shop'], { directory: world.path })
  ).trim()
  expect(deployment?.commit).toBe(head)
})

test('three commits whose first changes a Dockerfile two folders down are rebuilt and serve the new content', async () => {
  await first()
  const dockerfileWithMore = dockerfile.replace('CMD', 'RUN echo more > /www/more.html\nCMD')
  await world.origin.commit('one', { 'deploy/web/Dockerfile': dockerfileWithMore })
  await world.origin.commit('two', { 'docs/readme.md': 'two\n' })
  await world.origin.commit('three', { 'docs/readme.md': 'three\n' })
  await world.origin.push()
  expect(await world.deploy()).toMatchObject({ status: 'success' })
  expect(await world.served('web', 'more.html')).toBe('more')
})

test('a push that changes only a source file serves it, and leaves the other service alone', async () => {
  await first()
  const before = await world.containers()
  await world.origin.commit('source', { 'deploy/web/index.html': 'web 2\n' })
  await world.origin.push()
  expect(await world.deploy()).toMatchObject({ status: 'success' })
  expect(await world.served('web')).toBe('web 2')
  expect(world.lines).toContain('INFO web: build: deploy/web/index.html changed in build context deploy/web')
  expect((await world.containers()).get('api')).toBe(before.get('api'))
})

test('a change behind a build context that is a symbolic link is built', async () => {
  await symlink('web', join(world.folder, 'work', 'linked'))
  await world.origin.commit('first', {
    'docker-compose.prod.yml': composeFile({ web: './linked' }),
    'web/Dockerfile': dockerfile,
    'web/index.html': 'web 1\n',
  })
  await world.origin.push()
  expect(await world.deploy()).toMatchObject({ status: 'success' })
  await world.origin.commit('source', { 'web/index.html': 'web 2\n' })
  await world.origin.push()
  expect(await world.deploy()).toMatchObject({ status: 'success' })
  expect(await world.served('web')).toBe('web 2')
})

test('a docs-only push outside any build context rebuilds nothing', async () => {
  await first()
  const before = await world.containers()
  await world.origin.commit('docs', { 'docs/readme.md': 'more words\n' })
  await world.origin.push()
  expect(await world.deploy()).toMatchObject({ status: 'success' })
  expect(world.lines).toContain('INFO No rebuild trigger files found. No rebuild required.')
  expect(await world.containers()).toEqual(before)
})

test('after a failed build a docs-only push still builds, and the old version serves meanwhile', async () => {
  await first()
  await world.origin.commit('broken', {
    'api/Dockerfile': `${dockerfile}RUN exit 7\n`,
    'api/index.html': 'api 2\n',
  })
  await world.origin.push()
  const failed = await world.deploy()
  expect(failed).toMatchObject({ status: 'failure' })
  expect(failed.reason).toContain('exit code: 7')
  expect(await world.served('api')).toBe('api 1')
  await world.origin.commit('mended', { 'api/Dockerfile': dockerfile })
  await world.origin.commit('docs', { 'docs/readme.md': 'words\n' })
  await world.origin.push()
  expect(await world.deploy()).toMatchObject({ status: 'success' })
  expect(await world.served('api')).toBe('api 2')
})

test('going back to the last good content after a broken release serves that content again', async () => {
  await first()
  await world.origin.commit('crashes', {
    'api/Dockerfile': dockerfile.replace(/CMD.*/, 'CMD ["sh", "-c", "echo no config; exit 3"]'),
  })
  await world.origin.push()
  const failed = await world.deploy()
  expect(failed.status).toBe('failure')
  expect(failed.reason).toMatch(/^api exited with code 3; rolled back to \w{7}, .*\n.*\n {2}no config/)
  await world.origin.git('revert', '--no-edit', 'HEAD')
  await world.origin.push()
  expect(await world.deploy()).toMatchObject({ status: 'success' })
  expect(await world.served('api')).toBe('api 1')
})

test('a force-push that rewrites history is followed', async () => {
  await first()
  await world.origin.commit('lost', { 'api/index.html': 'api lost\n' })
  await world.origin.push()
  await world.deploy()
  await world.origin.git('reset', '-q', '--hard', 'HEAD~1')
  await world.origin.commit('other', { 'api/index.html': 'api other\n' })
  await world.origin.push('--force')
  expect(await world.deploy()).toMatchObject({ status: 'success' })
  expect(await world.served('api')).toBe('api other')
})

test('a push that adds a .env which lies there untracked is refused, and the file kept', async () => {
  await first()
  await writeFile(join(world.path, '.env'), 'PASSWORD=local\n')
  await world.origin.commit('adds .env', { '.env': 'PASSWORD=pushed\n' })
  await world.origin.push()
  const refused = await world.deploy()
  expect(refused).toMatchObject({ status: 'failure' })
  expect(refused.reason).toContain('it would overwrite the untracked .env')
  expect(await readFile(join(world.path, '.env'), 'utf8')).toBe('PASSWORD=local\n')
  expect(await world.served('web')).toBe('web 1')
})

test('a Compose file cannot read the webhook secret', async () => {
  process.env['GITHUB_WEBHOOK_SECRET'] = secret
  const compose = `${composeFile({ web: './deploy/web' })}    environment: { LEAK: "\${GITHUB_WEBHOOK_SECRET:-nothing}" }\n`
  await world.origin.commit('first', { ...base, 'docker-compose.prod.yml': compose })
  await world.origin.push()
  expect(await world.deploy()).toMatchObject({ status: 'success' })
  const web = (await world.containers()).get('web') ?? ''
  expect(await run('docker', ['exec', web, 'sh', '-c', 'echo $LEAK'])).toBe('nothing\n')
  delete process.env['GITHUB_WEBHOOK_SECRET']
})

test('an invalid Compose file stops the deployment before anything is touched', async () => {
  await first()
  const before = await world.containers()
  await world.origin.commit('broken', { 'docker-compose.prod.yml': 'services: [\n' })
  await world.origin.push()
  const failed = await world.deploy()
  expect(failed.status).toBe('failure')
  expect(failed.reason).toContain('Compose refuses')
  expect(await world.containers()).toEqual(before)
})

test('a hundred signed deliveries at once: all 2xx, at most two run, the newest serves', async () => {
  await first()
  await world.origin.commit('newest', { 'deploy/web/index.html': 'web newest\n' })
  await world.origin.push()
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => world.send(signedDelivery({ secret, payload: pushPayload() }))),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
  const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as {
    deployments: { id: string }[]
  }[]
  const ended = await Promise.all(bodies.map(({ deployments }) => world.ended(deployments[0]?.id ?? '')))
  const count = (status: string): number => ended.filter((deployment) => deployment.status === status).length
  expect(count('success')).toBeLessThanOrEqual(2)
  expect(count('success') + count('superseded')).toBe(100)
  expect(ended.at(-1)).toMatchObject({ status: 'success' })
  expect(await world.served('web')).toBe('web newest')
})
