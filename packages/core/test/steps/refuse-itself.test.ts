import { describe, expect, test } from 'vitest'
import { defineApp } from '../../src/domain/app.ts'
import type { Action, Plan } from '../../src/domain/plan.ts'
import type { Project } from '../../src/domain/project.ts'
import { pipeline } from '../../src/pipeline.ts'
import { refuseItself, refuseOwnCheckout } from '../../src/steps/refuse-itself.ts'
import { fakeContainer, fakeEngine } from '../../src/testing/fake-engine.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'

const app = defineApp({ name: 'deployer', repository: 'acme/deployer', path: '/srv/deployer' })

describe('F24: a plan that touches the container that Fairway runs in', () => {
  const own = 'a'.repeat(64)
  const mountinfo = `140 107 254:0 /var/lib/docker/containers/${own}/hostname /etc/hostname rw - ext4 /dev/vda rw\n`
  const inside = fakeFiles({ '/proc/self/mountinfo': mountinfo })
  const project: Project = {
    name: 'deployer',
    directory: '',
    files: [],
    envFiles: [],
    profiles: [],
    environment: {},
  }

  async function plan(files: ReturnType<typeof fakeFiles>, action: Action) {
    const engine = fakeEngine()
    engine.show('deployer', [
      fakeContainer({ service: 'fairway', id: own, name: 'deployer-fairway-1' }),
      fakeContainer({ service: 'proxy', id: 'b'.repeat(64) }),
    ])
    const services = [
      { service: 'fairway', action, because: [] },
      { service: 'proxy', action: 'recreate' as const, because: [] },
    ]
    return pipeline<{ app: typeof app; project: Project; plan: Plan }>()
      .use(refuseItself({ engine, files }))
      .run({ app, project, plan: { app: 'deployer', commit: 'c'.repeat(40), services } })
  }

  test.each<Action>(['build', 'recreate', 'restart', 'remove', 'pull'])('is refused: %s', async (action) => {
    expect(await plan(inside, action)).toMatchObject({
      status: 'failure',
      error: {
        code: 'deploys_itself',
        message:
          "Cannot deploy deployer: its service fairway is Fairway's own container deployer-fairway-1, which would be ended in the middle of this deployment",
        hint: expect.stringContaining('docker compose -p deployer up -d --build fairway') as string,
      },
    })
  })

  test('goes on where it keeps that one, whatever it does with others', async () => {
    expect((await plan(inside, 'keep')).status).toBe('success')
  })

  test('goes on outside of any container', async () => {
    expect((await plan(fakeFiles(), 'recreate')).status).toBe('success')
  })
})

describe('F24: a checkout that Fairway itself runs from', () => {
  const git = fakeGit()
  git.commit('refs/heads/main', { 'dist/main.js': '', 'package.json': '' })
  git.checkOut('/srv/deployer')

  async function pullWith(entry: string | undefined, files = fakeFiles()) {
    return pipeline<{ app: typeof app }>().use(refuseOwnCheckout({ entry, git, files })).run({ app })
  }

  test('is refused before it is pulled', async () => {
    expect(await pullWith('/srv/deployer/dist/main.js')).toMatchObject({
      error: {
        code: 'deploys_itself',
        message:
          'Cannot deploy deployer: Fairway itself runs from its checkout (dist/main.js), which would be replaced under it',
      },
    })
  })

  test('also where a link was started', async () => {
    const files = fakeFiles()
    files.link('/usr/bin/fairway', '/srv/deployer/dist/main.js')
    expect((await pullWith('/usr/bin/fairway', files)).status).toBe('failure')
  })

  test('goes on where it runs from elsewhere, or from what no pull replaces', async () => {
    for (const entry of [
      undefined,
      '/opt/fairway/main.js',
      '/srv/deployer2/main.js',
      '/srv/deployer/node_modules/.bin/fairway',
    ]) {
      expect((await pullWith(entry)).status).toBe('success')
    }
  })
})
