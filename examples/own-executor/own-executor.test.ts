import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, defineApp, fileLocks, type Push } from '@fairway/core'
import { simulatePush } from '@fairway/core/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeOrigin, type Origin } from '../../scripts/lib/origin.ts'
import { siteDeploy } from './deploy.ts'
import { siteAt } from './site.ts'

let folder: string
let origin: Origin
let app: App
const push: Push = { repository: 'acme/site', ref: 'refs/heads/main', pusher: 'ada' }
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-example-'))
  origin = await makeOrigin(folder)
  const path = join(folder, 'checkout')
  app = defineApp({ name: 'site', repository: 'acme/site', path, url: origin.url, branch: 'main' })
})
afterEach(() => rm(folder, { recursive: true }))

test('each push replaces the site as a whole, with real git and real files', async () => {
  const served = join(folder, 'served')
  const locks = fileLocks({ directory: join(folder, 'locks') })
  const deploy = siteDeploy({ site: siteAt(served), folder: 'public', locks })

  await origin.commit('First', { 'public/index.html': 'one', 'public/old.html': 'old' })
  await origin.push()
  expect(await deploy.run({ app, push })).toMatchObject({ status: 'success' })
  expect(await readFile(join(served, 'index.html'), 'utf8')).toBe('one')

  const commit = await origin.commit('Second', { 'public/index.html': 'two' }, ['public/old.html'])
  await origin.push()
  expect(await deploy.run({ app, push })).toMatchObject({ status: 'success', ctx: { published: commit } })
  expect(await readdir(served)).toEqual(['index.html'])
  expect(await readFile(join(served, 'index.html'), 'utf8')).toBe('two')

  expect(await deploy.run({ app, push })).toMatchObject({ status: 'skipped', step: 'publishSite' })
})

test('the rules, with doubles: what was published is what was pulled', async () => {
  const published: string[] = []
  const site = { publish: async (path: string) => void published.push(path) }
  const { outcome, calls } = await simulatePush((world) => siteDeploy({ ...world, site, folder: 'public' }), {
    before: { 'public/index.html': 'one' },
    after: { 'public/index.html': 'two' },
  })
  expect(outcome).toMatchObject({ status: 'success' })
  expect(published).toEqual(['/srv/app/public'])
  expect(calls[0]).toBe('fetch refs/heads/main')
})
