import { symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
import type { Push } from '../../src/domain/push.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { nodeFiles } from '../../src/executors/node-files.ts'
import { simpleGit } from '../../src/executors/simple-git.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { composeUp } from '../../src/steps/compose-up.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { shouldRebuild } from '../../src/steps/should-rebuild.ts'
import { fakeLocks } from '../../src/testing/fake-locks.ts'
import { aliasBomb } from '../support/alias-bomb.ts'
import { docker, newProject, removeContainers } from '../support/docker.ts'
import { type Files, type Origin, type Playground, playground } from '../support/repository.ts'

// Real git and real Compose: one bad push after the other, with the first version running all the while.
const good = `services:
  web:
    build: .
    init: true
    stop_signal: SIGKILL
    command: [sleep, "1000"]
`
const start: Files = {
  'docker-compose.prod.yml': good,
  Dockerfile: 'FROM local/busybox:latest\nCOPY page /page\n',
  page: 'one\n',
  'sub/x': '',
}

let ground: Playground
let origin: Origin
let app: App
let container: string
beforeAll(async () => {
  ground = playground()
  origin = ground.origin()
  origin.commit(start)
  const project = newProject()
  const path = ground.clone(origin)
  app = defineApp({ name: 'shop', repository: 'acme/shop', path, branch: 'main', project })
  await deploy()
  container = await running()
})
afterAll(async () => {
  await removeContainers(app.project)
  await docker('network', 'rm', `${app.project}_default`)
  await docker('rmi', '--force', `${app.project}-web`)
  ground.remove()
})

async function deploy(compose: Partial<App['compose']> = {}): Promise<{
  readonly outcome: Outcome<object>
  readonly log: string
}> {
  const push: Push = { repository: 'acme/shop', ref: 'refs/heads/main', pusher: 'ada' }
  const executors = {
    git: simpleGit({ environment: ground.environment }),
    compose: composeCli(),
    files: nodeFiles(),
    locks: fakeLocks(),
  }
  const lines: string[] = []
  const note = (line: string): void => void lines.push(line)
  const outcome = await pipeline<{ push: Push; app: App }>()
    .use(gitPull(executors))
    .use(shouldRebuild(executors))
    .use(composeUp(executors))
    .run(
      { push, app: { ...app, compose: { ...app.compose, ...compose } } },
      { log: { debug: note, info: note, warn: note, error: note } },
    )
  return { outcome, log: lines.join('\n') }
}

/** Id of the container of `web`, and whether it runs. */
function running(): Promise<string> {
  return docker('inspect', '--format', '{{.Id}} {{.State.Running}}', `${app.project}-web-1`)
}

interface Bad {
  readonly files: Files
  readonly compose?: Partial<App['compose']>
  readonly code?: string
  readonly says: string | RegExp
}

const file = 'docker-compose.prod.yml'
const web = (yaml: string): Files => ({ [file]: `services: { web: ${yaml} }\n` })
const bad: Readonly<Record<string, Bad>> = {
  'F23: a Compose file that is gone': {
    files: { [file]: null },
    says: /^Cannot deploy shop: there is no Compose file in /,
  },
  'F23: YAML that is none': {
    files: { [file]: 'services: [' },
    says: /^Compose refuses docker-compose\.prod\.yml: yaml: line 1/,
  },
  'F23: an empty file': {
    files: { [file]: '' },
    says: 'Compose refuses docker-compose.prod.yml: empty compose file',
  },
  'F23: no services': {
    files: { [file]: 'services: {}\n' },
    says: 'Cannot deploy shop: docker-compose.prod.yml has no services',
  },
  'F23: a key that nobody knows': { files: web('{ image: x, imagine: y }'), says: /imagine/ },
  'F23: a service that is nothing': { files: web('{}'), says: /neither an image nor a build context/ },
  'F23: a service that waits for none': {
    files: web('{ build: ., depends_on: [db] }'),
    says: /"web" depends on undefined service "db"/,
  },
  'F23: a network that is none': { files: web('{ build: ., networks: [x] }'), says: /undefined network x/ },
  'F23: a profile that none has': {
    files: web('{ build: ., profiles: [jobs] }'),
    compose: { profiles: ['jbos'] },
    says: /every service in docker-compose\.prod\.yml has a profile \(jobs\)/,
  },
  'F23: a variable that must be set': {
    files: web('{ build: ., environment: { A: "${NEEDED:?say which}" } }'),
    says: /required variable NEEDED is missing a value: say which/,
  },
  'F23: a variable without a value, with `unset: error`': {
    files: web('{ build: ., environment: { A: "$ONE${TWO}" } }'),
    compose: { unset: 'error' },
    says: 'Cannot deploy shop: ONE, TWO have no value in docker-compose.prod.yml',
  },
  'F23: an env_file that is not there': {
    files: web('{ build: ., env_file: none.env }'),
    says: /none\.env not found/,
  },
  'S21: a .env that cannot be read': {
    files: { '.env': 'A="geheim\n' },
    says: /\.env: line \d: unterminated quoted value$/,
  },
  'S4: an include from elsewhere': {
    files: { [file]: 'include: ["oci://127.0.0.1:1/x:1"]\n' },
    says: /include in docker-compose\.prod\.yml names oci:\/\/127\.0\.0\.1:1\/x:1/,
  },
  'S16: a Compose file that leads outside': {
    files: { [file]: { link: '/etc/passwd' } },
    code: 'path_outside_checkout',
    says: 'Cannot deploy shop: docker-compose.prod.yml is a symlink leading outside the checkout',
  },
  'S16: a Dockerfile that leads outside': {
    files: { Dockerfile: { link: '/etc/passwd' } },
    code: 'path_outside_checkout',
    says: 'Cannot deploy shop: Dockerfile is a symlink leading outside the checkout',
  },
  'S16: a bind mount that leads outside': {
    files: { ...web('{ build: ., volumes: ["./data:/data"] }'), data: { link: '/etc' } },
    code: 'path_outside_checkout',
    says: 'Cannot deploy shop: data is a symlink leading outside the checkout',
  },
  'S18: a bomb of aliases': {
    files: { [file]: aliasBomb(7) },
    says: 'Cannot deploy shop: docker-compose.prod.yml expands to more than 100,000 nodes by its aliases',
  },
}

test('the first push is deployed', () => {
  expect(container).toMatch(/^[0-9a-f]{64} true$/)
})

test.each(Object.entries(bad))('%s: refused in words, and the old version serves on', async (_name, push) => {
  const { files, compose, code = 'compose_invalid', says } = push
  // With it comes what would have to be built.
  origin.rewrite({ ...start, page: 'two\n', ...files })
  const { outcome, log } = await deploy(compose)
  expect(outcome).toMatchObject({ status: 'failure', step: 'shouldRebuild', error: { code } })
  if (outcome.status !== 'failure') return
  const { message } = outcome.error as Error
  if (typeof says === 'string') expect(message).toBe(says)
  else expect(message).toMatch(says)
  expect(`${message}\n${log}`).not.toContain('geheim')
  expect(await running()).toBe(container)
})

test("S16: with the operator's own link, and a variable that is warned about once, the next push is deployed", async () => {
  writeFileSync(ground.path('own.env'), 'LEVEL=1\n')
  symlinkSync(ground.path('own.env'), ground.path('shop/.env'))
  origin.rewrite({ ...start, page: 'three\n', [file]: `${good}    environment: { A: "$WITHOUT" }\n` })
  const { outcome, log } = await deploy()
  expect(outcome).toMatchObject({ status: 'success' })
  expect(log.match(/WITHOUT/g)).toEqual(['WITHOUT'])
  expect(await docker('exec', `${app.project}-web-1`, 'cat', '/page')).toBe('three')
  expect(await running()).not.toBe(container)
})
