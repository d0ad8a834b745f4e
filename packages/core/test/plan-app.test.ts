import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type App, defineApp } from '../src/domain/app.ts'
import { composeCli } from '../src/executors/compose-cli.ts'
import { dockerEngine } from '../src/executors/docker-engine.ts'
import { simpleGit } from '../src/executors/simple-git.ts'
import { temporaryFolders } from '../src/executors/temporary-folders.ts'
import { type Outlook, planApp, type PlanAppOptions } from '../src/plan-app.ts'
import { fakeLocks } from '../src/testing/fake-locks.ts'
import { docker, newProject, removeContainers } from './support/docker.ts'
import { type Origin, type Playground, playground, writeFiles } from './support/repository.ts'

const compose = `services:
  web:
    build: ./web
    env_file: [web.env]
    volumes: ["./conf:/conf", "./data:/data"]
  db: { image: "local/busybox:latest", command: "sleep 1000", init: true, stop_grace_period: 0s }
`

let place: Playground
let origin: Origin
let project: string
let app: App
beforeEach(() => {
  place = playground()
  origin = place.origin()
  project = newProject()
  app = defineApp({
    name: 'shop',
    repository: 'acme/shop',
    project,
    path: place.path('shop'),
    branch: 'main',
    url: origin.path,
  })
  origin.commit({
    'compose.yaml': compose,
    'web/Dockerfile': 'FROM local/busybox:latest\nCOPY . /www/\n',
    'web/index.html': 'v1\n',
    'web.env': 'A=1\n',
    'conf/a.conf': 'a\n',
  })
})
afterEach(async () => {
  await removeContainers(project)
  await docker('network', 'rm', '--force', `${project}_default`)
  place.remove()
})

/** A plan with everything real but the locks, whose temporary folders lie in one of the test's own. */
function planned(options: PlanAppOptions = {}, of: App = app): Promise<Outlook> {
  const { environment } = place
  return planApp(of, {
    git: simpleGit({ environment }),
    compose: composeCli(),
    engine: dockerEngine(),
    locks: fakeLocks(),
    folders: temporaryFolders({ parent: temporary() }),
    wait: false,
    ...options,
  })
}

const temporary = (): string => {
  execFileSync('mkdir', ['-p', place.path('tmp')])
  return place.path('tmp')
}

const actions = ({ plan }: Outlook): Readonly<Record<string, string>> =>
  Object.fromEntries(plan.services.map(({ service, action }) => [service, action]))

/** All that a plan must leave as it is. */
async function everything(): Promise<readonly string[]> {
  const git = (...args: readonly string[]): string => place.git(app.path, ...args)
  return [
    git('status', '--porcelain=v2', '--branch', '--untracked-files=all', '--ignored'),
    git('rev-parse', 'HEAD'),
    git('symbolic-ref', 'HEAD'),
    git('for-each-ref'),
    git('ls-files', '--stage'),
    readFileSync(join(app.path, 'compose.yaml'), 'utf8'),
    await docker('ps', '--all', '--no-trunc', '--filter', `label=com.docker.compose.project=${project}`),
    await docker('images', '--all', '--no-trunc', '--filter', `label=com.docker.compose.project=${project}`),
  ]
}

test('before a pull it tells what the new commit would do, and leaves everything as it is', async () => {
  place.clone(origin)
  writeFiles(app.path, { '.env': 'COLOR=\n', 'data/db': 'pages', 'web/index.html': 'edited by hand\n' })
  const commit = origin.commit(
    { 'compose.yaml': compose.replace('  db:', '  cache: { image: "local/busybox:latest" }\n  db:') },
    'main',
    'Add a cache',
  )
  const before = await everything()
  const outlook = await planned()
  expect(await everything()).toEqual(before)
  expect(readdirSync(temporary())).toEqual([])
  expect(actions(outlook)).toEqual({ web: 'build', cache: 'start', db: 'start' })
  expect(outlook).toMatchObject({
    isNew: false,
    plan: { app: 'shop', commit },
    pull: { after: commit, ref: 'refs/heads/main', subject: 'Add a cache', author: 'Ada' },
  })
  expect(JSON.stringify(outlook)).not.toContain(place.path('tmp'))
})

test('a project that was never cloned is cloned elsewhere to be looked at', async () => {
  const outlook = await planned()
  expect(actions(outlook)).toEqual({ web: 'build', db: 'start' })
  expect(outlook.isNew).toBe(true)
  expect(readdirSync(temporary())).toEqual([])
  expect(readdirSync(place.directory)).not.toContain('shop')
})

test('without a checkout and without a url there is nothing to plan', async () => {
  const { url: _, ...rest } = app
  await expect(planned({}, rest)).rejects.toMatchObject({ code: 'checkout_missing' })
  expect(readdirSync(temporary())).toEqual([])
})

test('what a pull would refuse, it refuses', async () => {
  place.clone(origin)
  writeFiles(app.path, { 'notes.txt': 'mine\n' })
  origin.commit({ 'notes.txt': 'theirs\n' })
  const before = await everything()
  await expect(planned()).rejects.toMatchObject({ code: 'would_overwrite' })
  expect(await everything()).toEqual(before)
})

test('a mistake in the new Compose file is told with the path that it will have', async () => {
  place.clone(origin)
  origin.commit({ 'compose.yaml': compose.replace('web.env', 'gone.env') })
  const error: unknown = await planned().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'compose_invalid' })
  expect(String(error)).toContain(join(app.path, 'gone.env'))
  expect(readdirSync(temporary())).toEqual([])
})

test('a push that would be skipped is told, and what a person would have deployed', async () => {
  place.clone(origin)
  origin.commit({ 'web/index.html': 'v2\n' }, 'main', 'Change it [skip deploy]')
  const outlook = await planned()
  expect(outlook.skipped).toContain('says [skip deploy]')
  expect(actions(outlook)).toMatchObject({ web: 'build' })
  expect((await planned({ ref: 'main' })).skipped).toBeUndefined()
})

test('another ref is looked at without being followed', async () => {
  place.clone(origin)
  origin.commit({ 'compose.yaml': 'services: { other: { image: "local/busybox:latest" } }\n' }, 'feature')
  const before = await everything()
  expect(actions(await planned({ ref: 'feature' }))).toEqual({ other: 'start' })
  expect(await everything()).toEqual(before)
})

test('what runs already as it should be is kept', async () => {
  place.clone(origin)
  origin.commit({ 'compose.yaml': compose.replace(/ {2}web:[^]*? {2}db/, '  db') })
  place.git(app.path, 'pull', '--quiet')
  execFileSync('docker', ['compose', '-p', project, 'up', '-d'], { cwd: app.path, stdio: 'ignore' })
  origin.commit({ 'docs/readme.md': 'more\n' })
  expect(actions(await planned())).toEqual({ db: 'keep' })
})

test('interrupted, it leaves nothing behind', async () => {
  place.clone(origin)
  const controller = new AbortController()
  const folders = temporaryFolders({ parent: temporary() })
  const stopping: PlanAppOptions = {
    signal: controller.signal,
    folders: {
      ...folders,
      async linkBeside(...given) {
        const linked = await folders.linkBeside(...given)
        controller.abort('interrupted')
        return linked
      },
    },
  }
  await expect(planned(stopping)).rejects.toMatchObject({ code: 'cancelled' })
  expect(readdirSync(temporary())).toEqual([])
})

test('while a deployment is at work on the checkout, it cannot plan, and names the holder', async () => {
  place.clone(origin)
  const locks = fakeLocks()
  const taken = await locks.take(`checkout:${app.path}`, 'fairway serve, shop')
  expect(taken.taken).toBe(true)
  await expect(planned({ locks })).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringMatching(
      new RegExp(`^Cannot plan shop: its checkout ${app.path} is held by fairway serve, shop \\(pid`),
    ) as string,
  })
})
