import assert from 'node:assert/strict'
import type { Project } from '../domain/project.ts'
import { isDeployError } from '../errors.ts'
import type { Compose } from '../executors/compose.ts'
import type { MaybePromise } from '../step.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'

/** What the suite needs beside `compose`: a project with the service `web`, which is built, and `db`, which isn't. */
export interface ComposeUnderTest {
  readonly compose: Compose
  readonly project: Project
  /** Makes the project's files ones that Compose refuses. */
  readonly spoil: () => MaybePromise<void>
  /** Makes the project's files ask for a variable that has no value. */
  readonly ask: (variable: string) => MaybePromise<void>
  /** Names of the services that are up. */
  readonly running: () => MaybePromise<readonly string[]>
  /** Ids of a service's containers, and when each was last started; the same text as long as nothing was done to them. */
  readonly state: (service: string) => MaybePromise<string>
}

/** What every `Compose` keeps. */
export function composeContract(make: Make<ComposeUnderTest>): readonly ContractCase[] {
  const options = { timeout: 60_000 }
  return contractCases(make, {
    'tells its version and names its engine': async ({ compose }) => {
      assert.notEqual(await compose.version(), '')
      assert.equal(await compose.engine(), await compose.engine())
    },

    'reads the services, with the build section of those that have one': async ({ compose, project }) => {
      const services = await compose.services(project)
      const built = services.map(({ name, build }) => `${name} ${build === undefined ? 'as it is' : 'built'}`)
      assert.deepEqual(built.toSorted(), ['db as it is', 'web built'])
    },

    'tells of a variable without a value once, and reads the services all the same': async (made) => {
      const { compose, project, ask } = made
      const told: string[] = []
      const unset = (name: string): void => void told.push(name)
      await compose.services(project, { unset })
      assert.deepEqual(told, [])
      await ask('TAG')
      assert.equal((await compose.services(project, { unset })).length, 2)
      assert.deepEqual(told, ['TAG'])
    },

    'gives a build section the same digest each time': async ({ compose, project }) => {
      const digest = async (): Promise<string | undefined> =>
        (await compose.services(project)).find(({ name }) => name === 'web')?.build?.digest
      assert.match((await digest()) ?? '', /^sha256:/)
      assert.equal(await digest(), await digest())
    },

    'builds a service and brings the project up': async ({ compose, project, running }) => {
      await compose.build(project, ['web'], options)
      await compose.up(project, options)
      assert.deepEqual([...(await running())].toSorted(), ['db', 'web'])
    },

    'fails for a service that is not there': async ({ compose, project }) => {
      const chosen = { ...options, services: ['nope'] }
      for (const asked of [
        () => compose.build(project, ['nope'], options),
        () => compose.up(project, chosen),
        () => compose.restart(project, ['nope'], options),
        () => compose.wouldTouch(project, ['nope']),
      ]) {
        await assert.rejects(asked(), (error) => isDeployError(error, 'compose_failed'))
      }
      await assert.rejects(compose.run(project, 'nope', options), (error) =>
        isDeployError(error, 'compose_failed'),
      )
    },

    'foresees what it would touch, which is nothing once it is up': async ({ compose, project, running }) => {
      await compose.build(project, ['web'], options)
      assert.deepEqual(await compose.wouldTouch(project, ['web', 'db']), ['web', 'db'])
      assert.deepEqual(await compose.wouldTouch(project, ['db']), ['db'])
      assert.deepEqual(await running(), [])
      await compose.up(project, options)
      assert.deepEqual(await compose.wouldTouch(project, ['web', 'db']), [])
    },

    'brings up chosen services alone, and recreates them where it must': async (made) => {
      const { compose, project, running, state } = made
      await compose.build(project, ['web'], options)
      await compose.up(project, { ...options, services: ['db'] })
      assert.deepEqual(await running(), ['db'])
      await compose.up(project, { ...options, services: ['web'] })
      assert.deepEqual([...(await running())].toSorted(), ['db', 'web'])
      const [web, db] = [await state('web'), await state('db')]
      await compose.up(project, { ...options, services: ['web', 'db'] })
      assert.deepEqual([await state('web'), await state('db')], [web, db])
      await compose.up(project, { ...options, services: ['db'], keep: true })
      assert.deepEqual([await state('web'), await state('db')], [web, db])
      await compose.up(project, { ...options, services: ['web'], force: true })
      assert.notEqual(await state('web'), web)
      assert.equal(await state('db'), db)
    },

    'brings up chosen services without building them': async ({ compose, project, running }) => {
      await assert.rejects(compose.up(project, { ...options, services: ['web'] }), (error) =>
        isDeployError(error, 'compose_failed'),
      )
      assert.deepEqual(await running(), [])
    },

    'restarts chosen services, and leaves the others alone': async ({ compose, project, state }) => {
      await compose.up(project, options)
      const [web, db] = [await state('web'), await state('db')]
      await compose.restart(project, ['db'], options)
      assert.notEqual(await state('db'), db)
      assert.equal(await state('web'), web)
    },

    'refuses files that are not valid, and starts nothing of them': async (made) => {
      const { compose, project, spoil, running } = made
      await spoil()
      await assert.rejects(compose.services(project), (error) => isDeployError(error, 'compose_invalid'))
      await assert.rejects(compose.build(project, ['web'], options))
      await assert.rejects(compose.up(project, options))
      assert.deepEqual(await running(), [])
    },

    'does nothing once it is cancelled': async ({ compose, project, running }) => {
      const signal = AbortSignal.abort(new Error('cancelled'))
      await assert.rejects(compose.services(project, { signal }), /cancelled/)
      await assert.rejects(compose.build(project, ['web'], options, { signal }), /cancelled/)
      await assert.rejects(compose.up(project, options, { signal }), /cancelled/)
      await assert.rejects(compose.restart(project, ['web'], options, { signal }), /cancelled/)
      await assert.rejects(compose.wouldTouch(project, ['web'], { signal }), /cancelled/)
      await assert.rejects(compose.run(project, 'db', options, { signal }), /cancelled/)
      assert.deepEqual(await running(), [])
    },
  })
}
