import { mkdirSync, symlinkSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeProject } from '../../../scripts/lib/remove-project.ts'
import { type App, defineApp } from '../src/domain/app.ts'
import type { Plan } from '../src/domain/plan.ts'
import type { Push } from '../src/domain/push.ts'
import { composeCli } from '../src/executors/compose-cli.ts'
import { dockerEngine } from '../src/executors/docker-engine.ts'
import { simpleGit } from '../src/executors/simple-git.ts'
import { pipeline } from '../src/pipeline.ts'
import { planApp } from '../src/plan-app.ts'
import { applyPlan } from '../src/steps/apply-plan.ts'
import { gitPull } from '../src/steps/git-pull.ts'
import { lockProject } from '../src/steps/lock-project.ts'
import { makePlan } from '../src/steps/make-plan.ts'
import { recordDeployed } from '../src/steps/record-deployed.ts'
import { waitHealthy } from '../src/steps/wait-healthy.ts'
import { fakeLocks } from '../src/testing/fake-locks.ts'
import { newProject } from './support/docker.ts'
import { type Files, type Origin, type Playground, playground, writeFiles } from './support/repository.ts'

const common = 'image: "local/busybox:latest", command: "sleep 1000", init: true, stop_grace_period: 0s'
const compose = `services:
  web: { build: ./web, init: true, stop_grace_period: 0s, environment: { COLOUR: "\${COLOUR:-none}" } }
  mounts: { ${common}, volumes: ["./conf/a.conf:/a.conf:ro", "./conf:/conf:ro", "./data:/data", "./own.conf:/own.conf"] }
  envs: { ${common}, env_file: [envs.env] }
  secretive: { ${common}, secrets: [token] }
secrets: { token: { file: ./token.txt } }
`
const first = (unique: string): Files => ({
  'compose.yaml': compose,
  'web/Dockerfile': 'FROM local/busybox:latest\nCOPY . /www/\nCMD ["sleep", "1000"]\n',
  'web/index.html': `${unique}\n`,
  'web/.dockerignore': '*.md\n',
  'conf/a.conf': 'a\n',
  'conf/b.conf': 'b\n',
  'envs.env': 'A=1\n',
  'token.txt': 'one\n',
})

let place: Playground
let origin: Origin
let app: App
beforeEach(() => {
  place = playground()
  origin = place.origin()
  // Reached by a link, as where a disk was put in later.
  mkdirSync(place.path('disk'))
  symlinkSync(place.path('disk'), place.path('link'))
  const [project, path] = [newProject(), place.path('link', 'shop')]
  app = defineApp({
    name: 'shop',
    repository: 'acme/shop',
    project,
    path,
    branch: 'main',
    url: origin.path,
    rollout: { settle: 100 },
  })
  origin.commit(first(place.directory))
})
afterEach(async () => {
  await removeProject(app.project)
  place.remove()
})

const executors = () => {
  const { environment } = place
  const [git, engine, locks] = [simpleGit({ environment }), dockerEngine(), fakeLocks()]
  return { git, compose: composeCli(), engine, locks }
}

/** Deploys, and gives the plan that it made after its pull. */
async function deployed(): Promise<Plan> {
  const tools = executors()
  const push: Push = { repository: 'acme/shop', ref: 'refs/heads/main', pusher: 'ada' }
  const outcome = await pipeline<{ app: App; push: Push }>()
    .use(gitPull(tools))
    .use(lockProject(tools))
    .use(makePlan(tools))
    .use(applyPlan(tools))
    .use(waitHealthy(tools))
    .use(recordDeployed(tools))
    .run({ app, push })
  if (outcome.status === 'success') return outcome.ctx.plan
  throw outcome.status === 'skipped' ? new Error(outcome.reason) : outcome.error
}

/** What the next deployment does, as it was told before it. */
async function next(): Promise<Readonly<Record<string, string>>> {
  const { plan } = await planApp(app, executors())
  expect(await deployed()).toEqual(plan)
  const again = await planApp(app, executors())
  expect(again.plan.services.filter(({ action }) => action !== 'keep')).toEqual([])
  return Object.fromEntries(
    plan.services.flatMap(({ service, action }) => (action === 'keep' ? [] : [[service, action]])),
  )
}

test('push after push, what was told before the pull is what the deployment does', async () => {
  await deployed()
  writeFiles(app.path, { 'own.conf': 'mine\n', '.env': 'COLOUR=red\n', 'data/db/pages': 'pages\n' })
  expect(await next()).toEqual({ web: 'recreate', mounts: 'recreate' })

  const unique = `${place.directory} again\n`
  origin.commit({ 'web/index.html': unique })
  expect(await next()).toEqual({ web: 'build' })
  origin.commit({ 'web/notes.md': 'ignored by the build\n', 'docs/readme.md': 'of no service\n' })
  expect(await next()).toEqual({})
  origin.commit({ 'conf/b.conf': 'changed\n' })
  expect(await next()).toEqual({ mounts: 'recreate' })
  origin.commit({ 'envs.env': 'A=2\n' })
  expect(await next()).toEqual({ envs: 'recreate' })
  origin.commit({ 'token.txt': 'two\n' })
  expect(await next()).toEqual({ secretive: 'recreate' })
  // What a person edited is replaced by the pull, and counts for nothing.
  writeFiles(app.path, { 'web/index.html': 'edited\n', 'conf/a.conf': 'edited\n' })
  expect((await planApp(app, executors())).plan.services.map(({ action }) => action)).toEqual([
    'keep',
    'keep',
    'keep',
    'keep',
  ])
  origin.commit({ 'compose.yaml': compose.replace(/ {2}envs: .*\n/, '') })
  expect(await next()).toEqual({ envs: 'remove' })
}, 120_000)
