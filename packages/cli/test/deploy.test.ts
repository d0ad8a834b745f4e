import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeOrigin, type Origin } from '../../../scripts/lib/origin.ts'
import { removeProject } from '../../../scripts/lib/remove-project.ts'
import { run } from '../../../scripts/lib/run.ts'
import { composeFile, dockerfile } from '../../server/test/support/world.ts'
import { fairway, folder, secret, serve } from './support.ts'

const environment = { GITHUB_WEBHOOK_SECRET: secret }
let serial = 0

interface Setting {
  readonly directory: string
  readonly origin: Origin
  readonly page: () => Promise<string>
}

/** A configured app whose origin serves `v1`; nothing is deployed yet. */
async function setting(): Promise<Setting> {
  const project = `fairwaycli${process.pid}x${serial++}`
  const directory = await folder()
  const origin = await makeOrigin(directory)
  await writeFile(
    join(directory, 'fairway.yaml'),
    `server: { port: 0 }\napps:\n  shop:\n    repository: acme/shop\n    url: ${origin.url}\n    path: ./checkout\n    project: ${project}\n    rollout: { settle: 300ms }\n`,
  )
  onTestFinished(async () => {
    await removeProject(project)
    await rm(directory, { recursive: true, force: true })
  })
  await origin.commit('first', {
    'compose.yaml': composeFile({ web: './web' }),
    'web/Dockerfile': dockerfile,
    'web/index.html': 'v1\n',
  })
  await origin.push()
  const page = (): Promise<string> =>
    run('docker', ['exec', `${project}-web-1`, 'wget', '-q', '-O', '-', 'http://127.0.0.1:8080/'])
  return { directory, origin, page }
}

/** A new version whose build takes some seconds. */
async function pushSlowBuild(origin: Origin, text: string): Promise<void> {
  const slow = dockerfile.replace('CMD', `RUN sleep 4 # ${text}\nCMD`)
  await origin.commit(text, { 'web/Dockerfile': slow, 'web/index.html': `${text}\n` })
  await origin.push()
}

test('deploy clones, builds, shows steps, reasons and the output of the builder on stderr, and exits 0', async () => {
  const { directory, page } = await setting()
  const { exitCode, stdout, stderr } = await fairway(['deploy', 'shop'], { directory, environment })
  expect(exitCode).toBe(0)
  expect(stdout).toBe('')
  for (const step of [
    'lockCheckout',
    'gitPull',
    'shouldRebuild',
    'composeUp',
    'waitHealthy',
    'recordDeployed',
  ]) {
    expect(stderr).toMatch(new RegExp(`✔ ${step} {2}\\d+\\.\\d s`))
  }
  expect(stderr).toContain('Build web: shop has no successful deployment yet')
  expect(stderr).toContain('COPY . /www/')
  expect(stderr).not.toContain('\u001b')
  expect(await page()).toBe('v1\n')
})

test('--ref deploys a tag once, --rebuild builds what has not changed', async () => {
  const { directory, origin, page } = await setting()
  await origin.git('tag', 'v1')
  await origin.git('push', '-q', 'origin', 'v1')
  await origin.commit('second', { 'web/index.html': 'v2\n' })
  await origin.push()
  expect((await fairway(['deploy', 'shop'], { directory, environment })).exitCode).toBe(0)
  expect(await page()).toBe('v2\n')
  expect((await fairway(['deploy', 'shop', '--ref', 'v1'], { directory, environment })).exitCode).toBe(0)
  expect(await page()).toBe('v1\n')
  const rebuilt = await fairway(['deploy', 'shop', '--rebuild'], { directory, environment })
  expect(rebuilt.exitCode).toBe(0)
  expect(rebuilt.stderr).toContain('a rebuild was asked for')
  expect(await page()).toBe('v2\n')
  const unknown = await fairway(['deploy', 'shop', '--ref', 'nope'], { directory, environment })
  expect(unknown.exitCode).toBe(1)
  expect(unknown.stderr).toContain('no branch or tag of that name')
})

test('beside a server that deploys the app, deploy exits 3 and names it', async () => {
  const { directory, origin, page } = await setting()
  await fairway(['deploy', 'shop'], { directory, environment })
  await pushSlowBuild(origin, 'v2')
  const server = serve([], { directory, environment })
  const [, url = ''] = /Listening on (\S+)/.exec(await server.line(/Listening on/)) ?? []
  await fairway(['send', '--url', `${url}/webhook`, '--repo', 'acme/shop', '--ref', 'main'], {
    directory,
    environment,
  })
  await server.line(/Changes detected/)
  const beside = await fairway(['deploy', 'shop'], { directory, environment })
  expect(beside.exitCode).toBe(3)
  expect(beside.stderr).toMatch(/its checkout .*checkout is held by fairway serve, shop \(pid \d+\)/)
  await server.line(/Deployment task for shop finished/)
  expect(await page()).toBe('v2\n')
})

test('while deploy runs, the server waits and names it, then deploys', async () => {
  const { directory, origin, page } = await setting()
  await fairway(['deploy', 'shop'], { directory, environment })
  const server = serve([], { directory, environment })
  const [, url = ''] = /Listening on (\S+)/.exec(await server.line(/Listening on/)) ?? []
  await pushSlowBuild(origin, 'v2')
  const started = Promise.withResolvers<void>()
  const byHand = fairway(['deploy', 'shop'], {
    directory,
    environment,
    output: (line) => line.includes('composeUp') && started.resolve(),
  })
  await started.promise
  await fairway(['send', '--url', `${url}/webhook`, '--repo', 'acme/shop'], { directory, environment })
  await server.line(/shop waits: its checkout .* is held by fairway deploy, shop \(pid \d+\)/)
  expect((await byHand).exitCode).toBe(0)
  await server.line(/Deployment task for shop finished/)
  expect(await page()).toBe('v2\n')
})

test('Ctrl-C during a build exits 130, leaves the old version serving, and the next deploy mends it', async () => {
  const { directory, origin, page } = await setting()
  await fairway(['deploy', 'shop'], { directory, environment })
  await pushSlowBuild(origin, 'v2')
  let pid = 0
  let pressed = false
  const { exitCode, stderr } = await fairway(['deploy', 'shop'], {
    directory,
    environment,
    started: (started) => (pid = started),
    output(line) {
      if (pressed || !line.includes('RUN sleep 4')) return
      pressed = true
      process.kill(pid, 'SIGINT')
    },
  })
  expect(exitCode).toBe(130)
  expect(stderr).toContain('Deployment of shop was cancelled at composeUp')
  expect(await page()).toBe('v1\n')
  expect((await fairway(['deploy', 'shop'], { directory, environment })).exitCode).toBe(0)
  expect(await page()).toBe('v2\n')
})
