import assert from 'node:assert/strict'
import type { Container } from '../domain/container.ts'
import type { Engine, ImageBuild } from '../executors/engine.ts'
import type { MaybePromise } from '../step.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'
import { imageCases } from './image-contract.ts'

/** What the suite needs beside `engine`: a way to bring containers about in a project of their own. */
export interface EngineUnderTest {
  readonly engine: Engine
  readonly project: string
  /** Brings one container about, and resolves when it is as told. */
  readonly start: (service: string, behaviour: ContainerBehaviour) => MaybePromise<void>
  /** Makes a container of a service under this name, and doesn't start it. */
  readonly create: (service: string, name: string) => MaybePromise<void>
  /** Takes the containers of a service away. */
  readonly remove: (service: string) => MaybePromise<void>
  /** A build with this content that one request is enough for; `beyond`: that it isn't. */
  readonly build: (content: string, beyond?: 'beyond') => MaybePromise<Pick<ImageBuild, 'service' | 'build'>>
}

export interface ContainerBehaviour {
  /** Default: any name that is free. */
  readonly name?: string
  /** What it writes, to both streams in turn: the first line to standard output. */
  readonly lines?: readonly string[]
  /** With which it ends after that; absent: it goes on. */
  readonly exitCode?: number
  /** What its healthcheck comes to; absent: it has none. */
  readonly health?: 'healthy' | 'unhealthy'
  readonly restartPolicy?: Container['restartPolicy']
}

const limit = { timeout: 60_000 }

/** What every `Engine` keeps. */
export function engineContract(make: Make<EngineUnderTest>): readonly ContractCase[] {
  return contractCases(make, {
    'tells its version': async ({ engine }) => {
      assert.notEqual(await engine.version(), '')
    },

    'a project nobody started has no containers': async ({ engine, project, start }) => {
      await start('web', {})
      assert.deepEqual(await engine.containers(`${project}none`), [])
    },

    'shows a container that runs': async ({ engine, project, start }) => {
      await start('web', {})
      const web = await only(engine, project)
      assert.deepEqual(pick(web), {
        service: 'web',
        state: 'running',
        restartCount: 0,
        restartPolicy: 'no',
        publishesPort: false,
      })
      assert.equal(web.health, undefined)
      assert.notEqual(web.name, '')
      assert.ok(Date.parse(web.startedAt) > 0)
      assert.match(web.image, /^sha256:/)
    },

    'shows every container of a project': async ({ engine, project, start }) => {
      await start('web', {})
      await start('job', { exitCode: 0 })
      const services = (await engine.containers(project)).map(({ service }) => service)
      assert.deepEqual(services.toSorted(), ['job', 'web'])
    },

    'shows one that ended, with its exit code': async ({ engine, project, start }) => {
      await start('job', { exitCode: 3 })
      const { state, exitCode } = await only(engine, project)
      assert.deepEqual({ state, exitCode }, { state: 'exited', exitCode: 3 })
    },

    'shows health where there is a healthcheck': async ({ engine, project, start }) => {
      await start('web', { health: 'healthy' })
      assert.equal((await only(engine, project)).health, 'healthy')
    },

    'shows that a healthcheck fails': async ({ engine, project, start }) => {
      await start('web', { health: 'unhealthy' })
      const { health, state } = await only(engine, project)
      assert.deepEqual({ health, state }, { health: 'unhealthy', state: 'running' })
    },

    'shows the restart policy': async ({ engine, project, start }) => {
      await start('job', { exitCode: 0, restartPolicy: 'on-failure' })
      assert.equal((await only(engine, project)).restartPolicy, 'on-failure')
    },

    'gives the last lines of both streams in order, and no more than asked for': async (world) => {
      const { engine, project, start } = world
      await start('job', { lines: ['one', 'two', 'drei ümlaut', 'four'], exitCode: 0 })
      const { id } = await only(engine, project)
      assert.deepEqual(await engine.logs(id, 3), ['two', 'drei ümlaut', 'four'])
      assert.deepEqual(await engine.logs(id, 10), ['one', 'two', 'drei ümlaut', 'four'])
      assert.deepEqual(await engine.logs(id, 0), [])
    },

    'gives no lines of one that wrote none': async ({ engine, project, start }) => {
      await start('web', {})
      assert.deepEqual(await engine.logs((await only(engine, project)).id, 5), [])
    },

    'knows nothing of one that is gone': async ({ engine, project, start, remove }) => {
      await start('job', { lines: ['one'], exitCode: 0 })
      const { id } = await only(engine, project)
      await remove('job')
      assert.deepEqual(await engine.containers(project), [])
      await assert.rejects(engine.logs(id, 5), { name: 'DeployError', code: 'docker_unavailable' })
    },

    'removes what an interrupted recreate left, and nothing else': async ({ engine, project, ...made }) => {
      const [first, second] = [`0123456789ab_${project}-a`, `ba9876543210_${project}-b`]
      await made.start('a', { name: `${project}-a` })
      await made.create('a', first)
      // This one runs, and this one has no name of that kind.
      await made.start('b', { name: second })
      await made.create('b', `${project}-b`)
      assert.deepEqual(await engine.removeLeftovers(`${project}none`), [])
      const removed = await engine.removeLeftovers(project)
      assert.deepEqual(
        removed.map(({ name, rightful }) => [name, rightful]),
        [[first, undefined]],
      )
      const left = (await engine.containers(project)).map(({ name }) => name)
      assert.deepEqual(left.toSorted(), [`${project}-a`, `${project}-b`, second].toSorted())
      assert.deepEqual(await engine.removeLeftovers(project), [])
    },

    'gives what an interrupted recreate left its name, where nothing has it': async (made) => {
      const { engine, project, create } = made
      await create('web', `0123456789ab_${project}-web-1`)
      const { id } = await only(engine, project)
      const [renamed, ...others] = await engine.removeLeftovers(project)
      assert.deepEqual(others, [])
      assert.deepEqual(renamed, {
        id,
        name: `0123456789ab_${project}-web-1`,
        rightful: `${project}-web-1`,
      })
      assert.equal((await only(engine, project)).name, `${project}-web-1`)
      assert.deepEqual(await engine.removeLeftovers(project), [])
    },

    'stops and removes containers, whether they run or not, and one that is gone is no error': async (
      made,
    ) => {
      const { engine, project, start, create } = made
      await start('web', {})
      await start('job', { exitCode: 3 })
      await create('new', `${project}-new`)
      await start('kept', {})
      const ids = (await engine.containers(project))
        .filter(({ service }) => service !== 'kept')
        .map(({ id }) => id)
      await engine.removeContainers(ids)
      assert.equal((await only(engine, project)).service, 'kept')
      await engine.removeContainers(ids)
      await engine.removeContainers([])
      assert.equal((await only(engine, project)).state, 'running')
    },

    ...imageCases,

    'answers nothing once it is cancelled': async ({ engine, project, build }) => {
      const web = { ...(await build('one')), names: [`${project}-web`], labels: {} }
      const signal = AbortSignal.abort(new Error('cancelled'))
      await assert.rejects(engine.version({ signal }), /cancelled/)
      await assert.rejects(engine.containers(project, { signal }), /cancelled/)
      await assert.rejects(engine.logs('none', 5, { signal }), /cancelled/)
      await assert.rejects(engine.removeLeftovers(project, { signal }), /cancelled/)
      await assert.rejects(engine.images({ app: project, names: [] }, { signal }), /cancelled/)
      await assert.rejects(engine.tag('none', 'none', { signal }), /cancelled/)
      await assert.rejects(engine.untag(['none'], { signal }), /cancelled/)
      await assert.rejects(engine.removeImages(['none'], { signal }), /cancelled/)
      await assert.rejects(engine.removeContainers(['none'], { signal }), /cancelled/)
      await assert.rejects(engine.build(web, limit, { signal }), /cancelled/)
      await assert.rejects(engine.storage({ signal }), /cancelled/)
    },

    'tells the folder that it keeps images in': async ({ engine }) => {
      assert.match(await engine.storage(), /^\//)
    },
  })
}

async function only(engine: Engine, project: string): Promise<Container> {
  const [first, ...others] = await engine.containers(project)
  assert.ok(first, 'no container')
  assert.deepEqual(others, [])
  return first
}

function pick({ service, state, restartCount, restartPolicy, publishesPort }: Container): Partial<Container> {
  return { service, state, restartCount, restartPolicy, publishesPort }
}
