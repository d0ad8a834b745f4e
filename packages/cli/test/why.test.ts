import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import type { Plan } from '@fairway/core'
import { expect, onTestFinished, test } from 'vitest'
import { removeContainers, runContainer } from '../../core/test/support/docker.ts'
import { run } from '../../../scripts/lib/run.ts'
import { fairway, inProcess, secret } from './support.ts'
import { commit, journalFolder, twoApps } from './support/journal.ts'

const environment = { GITHUB_WEBHOOK_SECRET: secret }

/** A journal whose app shop has a Compose project of its own in the engine. */
async function world() {
  const given = await journalFolder()
  const project = `fairwaywhy${process.pid}x${randomUUID().slice(0, 8)}`
  onTestFinished(() => removeContainers(project))
  const config = twoApps.replace('path: ./shop', `path: ./shop\n    project: ${project}`)
  await writeFile(join(given.directory, 'fairway.yaml'), config)
  const start = async (service: string): Promise<{ service: string; id: string; image: string }> => {
    const id = await runContainer(project, service, 'sleep 1000')
    return { service, id, image: (await run('docker', ['inspect', '--format', '{{.Image}}', id])).trim() }
  }
  const why = (...args: readonly string[]) =>
    inProcess(['why', ...args], { directory: given.directory, environment })
  return { ...given, project, start, why }
}

const hostile = 'web/\u001b[2Jindex.html changed in build context web'

function plan(action: 'build' | 'keep'): Plan {
  const because = action === 'build' ? [hostile, 'it was asked for'] : []
  return { app: 'shop', commit, services: [{ service: 'web', action, because }] }
}

test('a container names the deployment that made it, though later ones kept it', async () => {
  const { run: deploy, start, why, directory } = await world()
  const web = await start('web')
  const first = await deploy('delivery-0001', { plan: plan('build'), left: [web] })
  await deploy('delivery-0002', { plan: plan('keep'), left: [web], subject: 'Another one' })
  const { exitCode, stdout, stderr } = await why('shop', 'web')
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(stdout).toContain(`  container  ${web.id.slice(0, 12)}, running\n`)
  expect(stdout).toContain(`  image      ${web.image.slice(7, 19)}\n`)
  expect(stdout).toMatch(/ {2}since {6}(just now|\d+ s ago), 20/)
  expect(stdout).toContain(`  made by    deployment ${first.id.slice(-8)}, `)
  expect(stdout).toContain('  commit     c0ffee0 Fix it (Ada)\n')
  expect(stdout).toContain('  delivery   delivery-0001\n')
  expect(stdout).toContain(
    '  because    web/\\x1b[2Jindex.html changed in build context web\n             it was asked for\n',
  )
  const json = await fairway(['why', 'shop', 'web', '--json'], { directory, environment })
  expect(JSON.parse(json.stdout)).toStrictEqual({
    app: 'shop',
    service: 'web',
    containers: [
      {
        id: web.id,
        name: expect.any(String) as string,
        state: 'running',
        health: null,
        startedAt: expect.stringMatching(/^20/) as string,
        image: web.image,
        madeBy: {
          deployment: first.id,
          delivery: 'delivery-0001',
          commit,
          subject: 'Fix it',
          author: 'Ada',
          because: plan('build').services[0]?.because,
          at: first.endedAt,
        },
        imageFrom: null,
      },
    ],
  })
})

test('one that somebody made by hand is told as such, with what is known of its image', async () => {
  const { run: deploy, start, why } = await world()
  const web = await start('web')
  const first = await deploy('delivery-0001', { plan: plan('build'), left: [web] })
  const other = await start('web')
  const { stdout } = await why('shop', 'web', '--json')
  const { containers } = JSON.parse(stdout) as { containers: { id: string; imageFrom: object | null }[] }
  expect(containers.find(({ id }) => id === other.id)).toMatchObject({
    madeBy: null,
    imageFrom: { app: null, buildKey: null, firstRunBy: { deployment: first.id, commit } },
  })
  const text = await why('shop', 'web')
  expect(text.stdout).toContain('made by    no deployment that is recorded: somebody made it by hand')
  expect(text.stdout).toContain(`its image first ran with deployment ${first.id.slice(-8)} of commit c0ffee0`)
})

test('one from before the first record says so', async () => {
  const { run: deploy, start, why } = await world()
  const web = await start('web')
  await deploy('delivery-0001', { plan: plan('keep'), left: [web] })
  const { stdout } = await why('shop', 'web')
  expect(stdout).toContain('made by    unknown: it was there before the first deployment that recorded it\n')
})

test('a service without a container is no mistake; an unknown one is, and the one that was meant is named', async () => {
  const { run: deploy, why, project } = await world()
  await deploy('delivery-0001', { plan: plan('build'), left: [] })
  const none = await why('shop', 'web')
  expect([none.exitCode, none.stdout]).toEqual([0, 'web of shop has no container now.\n'])
  const mistyped = await why('shop', 'weeb')
  expect(mistyped.exitCode).toBe(2)
  expect(mistyped.stderr).toContain('There is no service weeb in shop (did you mean web?); there is web')
  const app = await why('shpo', 'web')
  expect(app.exitCode).toBe(2)
  expect(app.stderr).toContain('did you mean shop?')
  const nothing = await why('blog', 'web')
  expect(nothing.exitCode).toBe(2)
  expect(nothing.stderr).toContain('Nothing of blog runs, and no deployment of it is recorded')
  expect(project).not.toBe('blog')
})

test('without an engine it ends with 3', async () => {
  const { directory } = await world()
  const noEngine = { ...environment, DOCKER_HOST: 'unix:///nonexistent.sock' }
  const { exitCode, stderr } = await inProcess(['why', 'shop', 'web'], { directory, environment: noEngine })
  expect(exitCode).toBe(3)
  expect(stderr).toContain('The Docker engine does not answer')
})
