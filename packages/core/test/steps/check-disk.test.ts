import { describe, expect, test } from 'vitest'
import { defineApp } from '../../src/domain/app.ts'
import type { Plan, ServicePlan } from '../../src/domain/plan.ts'
import type { Project } from '../../src/domain/project.ts'
import { pipeline } from '../../src/pipeline.ts'
import { checkDisk, type CheckDiskOptions } from '../../src/steps/check-disk.ts'
import { fakeContainer, fakeEngine } from '../../src/testing/fake-engine.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'

const app = defineApp({ name: 'shop', repository: 'acme/shop', path: '/srv/shop' })
const project: Project = {
  name: 'shop',
  directory: '',
  files: [],
  envFiles: [],
  profiles: [],
  environment: {},
}
const build: ServicePlan = { service: 'web', action: 'build', because: [] }

async function check({
  services,
  ...options
}: CheckDiskOptions & { readonly services?: readonly ServicePlan[] }) {
  const plan: Plan | undefined = services && { app: 'shop', commit: 'a'.repeat(40), services }
  const outcome = await pipeline<{ app: typeof app; project: Project; plan?: Plan }>()
    .use(checkDisk(options))
    .run({ app, project, ...(plan ? { plan } : {}) })
  return outcome.status === 'failure'
    ? (outcome.error as Error & { code: string; hint: string })
    : outcome.status
}

function world(engine = 'unix:///run/docker.sock') {
  const files = fakeFiles({ '/var/lib/docker/image': '', '/srv/shop/compose.yaml': '' })
  return { files, engine: fakeEngine(), compose: { engine: async () => engine }, minFree: 2e9 }
}

describe('before a build', () => {
  test('there must be room where the engine keeps images', async () => {
    const { files, engine, ...rest } = world()
    files.fill('/var/lib/docker', 1_900_000_000)
    engine.show('shop', [fakeContainer({ service: 'web' })])
    expect(await check({ files, engine, ...rest, services: [build] })).toMatchObject({
      code: 'disk_full',
      message: 'Cannot build shop: only 1.9 GB in /var/lib/docker is free, and `server.disk.minFree` is 2 GB',
      hint: expect.stringContaining('docker system df') as string,
    })
    expect(engine.calls).toEqual(['storage', 'images shop', 'containers shop'])
  })

  test('and where the checkout lies; enough in both is enough', async () => {
    const { files, ...rest } = world()
    expect(await check({ files, ...rest, services: [build] })).toBe('success')
    files.fill('/srv', 5)
    expect(await check({ files, ...rest, services: [build] })).toMatchObject({
      message: 'Cannot build shop: only 5 bytes in /srv/shop is free, and `server.disk.minFree` is 2 GB',
    })
  })

  test('the same path here says nothing of an engine elsewhere, nor does one that is not here', async () => {
    for (const engine of ['ssh://ops@far', 'tcp://far:2376']) {
      const { files, ...rest } = world(engine)
      files.fill('/var/lib/docker', 0)
      expect(await check({ files, ...rest, services: [build] })).toBe('success')
    }
    const files = fakeFiles()
    files.fill('/var', 0)
    expect(await check({ ...world(), files, services: [build] })).toBe('success')
  })
})

test('nothing is asked where nothing is built, or where nobody wants to know', async () => {
  const { engine, files, ...rest } = world()
  files.fill('/', 0)
  const tagged: ServicePlan = { ...build, image: 'sha256:1' }
  const kept: ServicePlan = { ...build, action: 'keep' }
  expect(await check({ ...rest, files, engine, services: [kept, tagged] })).toBe('success')
  expect(await check({ ...rest, files, engine, minFree: 0 })).toBe('success')
  expect(engine.calls).toEqual([])
})

test('the real machine has a byte, and not a million TB', async () => {
  const real = { services: [build] }
  expect(await check({ ...real, minFree: 1 })).toBe('success')
  expect(await check({ ...real, minFree: 1e18 })).toMatchObject({ code: 'disk_full' })
})
