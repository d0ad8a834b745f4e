import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plan } from '@fairway/core'
import { expect, test } from 'vitest'
import { makeOrigin } from '../../../scripts/lib/origin.ts'
import { run } from '../../../scripts/lib/run.ts'
import { composeFile, dockerfile } from '../../server/test/support/world.ts'
import { fairway, folder, inProcess } from './support.ts'
import { environment, read, setting } from './support/setting.ts'

const plain = 'compose.yaml'
const twoServices = (): string => composeFile({ web: './web', api: './api' })

/** What a command prints that needs no process of its own. */
async function show(args: readonly string[], directory: string): Promise<string> {
  const { exitCode, stdout, stderr } = await inProcess(args, { directory, environment })
  if (exitCode !== 0) throw new Error(stderr)
  return stdout
}

async function plan(directory: string, ...args: readonly string[]): Promise<Plan> {
  return JSON.parse(await show(['plan', 'shop', '--json', ...args], directory)) as Plan
}

const actions = ({ services }: Plan): Readonly<Record<string, string>> =>
  Object.fromEntries(services.map(({ service, action }) => [service, action]))

/** Beside them run containers of other tests. */
const ours = `fairwaycli${process.pid}x`

/** All that a plan must leave as it is. */
async function everything(directory: string): Promise<readonly string[]> {
  const git = (...args: readonly string[]): Promise<string> =>
    run('git', ['-C', join(directory, 'checkout'), ...args])
  const docker = (...args: readonly string[]): Promise<string> => run('docker', args)
  const project = 'label=com.docker.compose.project'
  return [
    await git('status', '--porcelain=v2', '--branch', '--ignored'),
    await git('rev-parse', 'HEAD'),
    await git('for-each-ref'),
    await git('ls-files', '--stage'),
    await docker(
      'ps',
      '--all',
      '--no-trunc',
      '--filter',
      project,
      '--format',
      '{{.ID}} {{.Names}} {{.State}}',
    ),
  ].map((text) =>
    text
      .split('\n')
      .filter((line) => !/^[0-9a-f]{64} /.test(line) || line.includes(ours))
      .join('\n'),
  )
}

test('a plan tells before the pull what the deployment then does; and why names the one that made a container', async () => {
  const { directory, origin } = await setting()
  await origin.commit('two', {
    [plain]: twoServices(),
    'api/Dockerfile': dockerfile,
    'api/index.html': directory,
  })
  await origin.push()
  const early = { stdout: await show(['plan', 'shop'], directory) }
  expect(early.stdout).toContain('the repository would be cloned there')
  expect(early.stdout).toMatch(/\nSERVICE +ACTION +BECAUSE\n/)
  expect(early.stdout).toMatch(/\nbuild (web, api|api, web)\n$/)
  expect(actions(await plan(directory))).toEqual({ web: 'build', api: 'build' })
  await read(['deploy', 'shop'], directory)

  await origin.commit('Change the page', { 'web/index.html': `${directory} v2\n` })
  await origin.push()
  const before = await everything(directory)
  const next = await plan(directory)
  const shown = await show(['plan', 'shop'], directory)
  expect(await everything(directory)).toEqual(before)
  expect(actions(next)).toEqual({ web: 'build', api: 'keep' })
  expect(shown).toMatch(/^shop at [0-9a-f]{7} Change the page \(Ada\), refs\/heads\/main\n/)
  expect(shown).toMatch(/\nweb +build +web\/index\.html changed in build context web\n/)
  expect(shown).toMatch(/\napi +keep/)
  expect(shown).toMatch(/\nbuild web, keep 1\n$/)

  await read(['deploy', 'shop'], directory)
  const [second, first] = JSON.parse(await show(['deployments', 'shop', '--json'], directory)) as {
    readonly id: string
    readonly commit: string
    readonly plan: Plan
  }[]
  expect(second?.plan).toEqual(next)
  expect(await show(['status', 'shop'], directory)).toContain(': built web, kept 1\n')

  const made = async (service: string): Promise<object> => {
    const { containers } = JSON.parse(await show(['why', 'shop', service, '--json'], directory)) as {
      readonly containers: readonly { readonly madeBy: object }[]
    }
    return containers[0]?.madeBy ?? {}
  }
  expect(await made('web')).toMatchObject({
    deployment: second?.id,
    commit: second?.commit,
    delivery: null,
    subject: 'Change the page',
    author: 'Ada',
    because: next.services.find(({ service }) => service === 'web')?.because,
  })
  expect(await made('api')).toMatchObject({ deployment: first?.id, commit: first?.commit, subject: 'two' })

  expect(await show(['plan', 'shop'], directory)).toMatch(/\n\nNothing to do\n$/)
}, 120_000)

test('what a push would leave alone is told with what a deployment by hand would do', async () => {
  const { directory, origin } = await setting()
  await origin.commit('Only words [skip deploy]', { 'web/index.html': 'words\n' })
  await origin.push()
  expect(await read(['plan', 'shop'], directory)).toContain('A push of it would be skipped: ')
})

test('mistakes: an app or a ref that is not there, no Docker; nothing stays behind', async () => {
  const { directory } = await setting()
  const temporary = join(directory, 'tmp')
  await run('mkdir', [temporary])
  const attempt = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    fairway(['plan', ...args], { directory, environment: { ...environment, TMPDIR: temporary, ...more } })
  const mistyped = await attempt(['shpo'])
  expect([mistyped.exitCode, mistyped.stdout]).toEqual([2, ''])
  expect(mistyped.stderr).toContain('did you mean shop?')
  const gone = await attempt(['shop', '--ref', 'gone'])
  expect([gone.exitCode, gone.stdout]).toEqual([1, ''])
  expect(gone.stderr).toContain('no branch or tag of that name')
  const noEngine = await attempt(['shop'], { DOCKER_HOST: 'unix:///nonexistent.sock' })
  expect([noEngine.exitCode, noEngine.stdout]).toEqual([3, ''])
  expect(await readdir(temporary)).toEqual([])
})

test('Ctrl-C ends it with 130 and leaves no folder', async () => {
  const directory = await folder()
  const origin = await makeOrigin(directory)
  await origin.commit('first', { [plain]: composeFile({ web: './web' }), 'web/Dockerfile': dockerfile })
  await origin.push()
  await writeFile(
    join(directory, 'fairway.yaml'),
    `apps:\n  shop:\n    repository: acme/shop\n    url: ${origin.url}\n    path: ./checkout\n`,
  )
  const temporary = join(directory, 'tmp')
  await run('mkdir', [temporary])
  const controller = new AbortController()
  const watching = (async () => {
    // From here on it has a folder to remove.
    while ((await readdir(temporary)).length === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    controller.abort('interrupted')
  })()
  const ended = fairway(['plan', 'shop'], {
    directory,
    environment: { ...environment, TMPDIR: temporary },
    signal: controller.signal,
  })
  await watching
  await ended.catch(() => {})
  expect(await readdir(temporary)).toEqual([])
})
