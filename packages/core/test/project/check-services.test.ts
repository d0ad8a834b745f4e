import { beforeEach, expect, test } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
import { checkServices, type CheckedServices } from '../../src/project/check-services.ts'
import { readProject } from '../../src/project/read-project.ts'
import { fakeCompose } from '../../src/testing/fake-compose.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'

const path = '/srv/shop'
const web = { name: 'web', replicas: 1 }

let files: ReturnType<typeof fakeFiles>
let compose: ReturnType<typeof fakeCompose>
let git: ReturnType<typeof fakeGit>
beforeEach(() => {
  files = fakeFiles({
    [`${path}/docker-compose.prod.yml`]: 'services: { web: { image: "x:${TAG}-$LEVEL", profiles: [jobs] } }',
  })
  compose = fakeCompose({ services: [web] })
  git = fakeGit()
})

async function check(changes: Partial<App['compose']> = {}): Promise<CheckedServices> {
  const app = defineApp({ name: 'shop', repository: 'acme/shop', path, compose: changes })
  return checkServices(app, await readProject(app, { files, git }), { compose, files, git })
}

test('gives the services, and no warning where there is nothing to warn of', async () => {
  expect(await check()).toEqual({ services: [web], warnings: [] })
})

test('F23: a variable without a value is warned about by name', async () => {
  compose.unset('TAG')
  expect((await check()).warnings).toEqual([
    'shop: TAG has no value in docker-compose.prod.yml; Compose takes an empty text',
  ])
})

test('F23: with `unset: error` variables without a value fail the deployment, in one sentence', async () => {
  compose.unset('LEVEL', 'TAG')
  await expect(check({ unset: 'error' })).rejects.toMatchObject({
    code: 'compose_invalid',
    message: 'Cannot deploy shop: LEVEL, TAG have no value in docker-compose.prod.yml',
    hint: expect.stringMatching(/\.env .*`compose\.environment`/) as string,
  })
})

test('S21: what a $ in an env file makes a variable of is not named', async () => {
  compose.unset('TAG', 'geheim')
  files.write(`${path}/.env`, 'PASSWORD=halb$geheim\n')
  const { warnings } = await check()
  expect(warnings).toEqual([
    'shop: TAG has no value in docker-compose.prod.yml; Compose takes an empty text',
    'shop: a value in .env has a $ that stands for a variable without a value; Compose takes an empty text',
  ])
  await expect(check({ unset: 'error' })).rejects.toMatchObject({
    message: expect.not.stringContaining('geheim') as string,
    hint: expect.stringContaining('single quotes') as string,
  })
})

test('F23: nothing to start is refused, and why there is nothing', async () => {
  compose.define([])
  await expect(check()).rejects.toMatchObject({
    code: 'compose_invalid',
    message:
      'Cannot deploy shop: every service in docker-compose.prod.yml has a profile (jobs), and none of them is chosen',
    hint: 'Set `compose.profiles` of the app, which is []',
  })
  files.write(`${path}/docker-compose.prod.yml`, 'services: {}\n')
  await expect(check()).rejects.toThrow('Cannot deploy shop: docker-compose.prod.yml has no services')
})

test('F23: a profile that no service has is warned about, as Compose passes over it', async () => {
  expect((await check({ profiles: ['jobs'] })).warnings).toEqual([])
  expect((await check({ profiles: ['*'] })).warnings).toEqual([])
  expect((await check({ profiles: ['jobs', 'jbos'] })).warnings).toEqual([
    'shop: no service in docker-compose.prod.yml has the profile jbos',
  ])
})

test('S16: what Compose resolved is looked at once more, as variables may have stood in it', async () => {
  git.commit('refs/heads/main', { data: '' })
  git.checkOut(path)
  files.link(`${path}/data`, '/etc')
  const build = { context: path, additionalContexts: [], digest: 'sha256:1' }
  const services = [
    { ...web, paths: [`${path}/data/x`] },
    { ...web, build: { ...build, context: `${path}/data/x` } },
    { ...web, build: { ...build, dockerfile: 'data/x' } },
    { ...web, build: { ...build, additionalContexts: [`${path}/data/x`] } },
  ]
  for (const service of services) {
    compose.define([service])
    await expect(check()).rejects.toMatchObject({
      code: 'path_outside_checkout',
      message:
        'Cannot deploy shop: data is a symlink leading outside the checkout (it stands in the way to data/x)',
    })
  }
})
