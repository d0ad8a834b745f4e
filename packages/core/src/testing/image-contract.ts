import assert from 'node:assert/strict'
import type { Image } from '../domain/image.ts'
import type { Engine } from '../executors/engine.ts'
import type { EngineUnderTest } from './engine-contract.ts'

const limit = { timeout: 60_000 }

/** What every `Engine` keeps of images. */
export const imageCases: Readonly<Record<string, (made: EngineUnderTest) => Promise<void>>> = {
  'builds an image, and finds it by its names and by its app': async ({ engine, project, build }) => {
    const labels = { 'fairway.app': project, 'fairway.build-key': 'k1' }
    const [first, second] = [`${project}-web`, `${project}-web:k1`]
    const built = await engine.build({ ...(await build('one')), names: [first, second], labels }, limit)
    assert.equal(built, true)
    const [image, ...others] = await engine.images({ app: 'nobody', names: [first] })
    assert.ok(image)
    assert.deepEqual(others, [])
    assert.match(image.id, /^sha256:/)
    assert.ok(Date.parse(image.createdAt) > 0)
    assert.deepEqual([...image.names].toSorted(), [second, `${first}:latest`].toSorted())
    assert.deepEqual([image.app, image.buildKey], [project, 'k1'])
    assert.deepEqual(await engine.images({ app: project, names: [] }), [image])
    assert.deepEqual(await engine.images({ app: project, names: [first, second] }), [image])
    assert.deepEqual(await engine.images({ app: 'nobody', names: [`${project}-w`, `${project}-web:k`] }), [])
    assert.deepEqual(await engine.images({ app: 'nobody', names: [] }), [])
  },

  'the same build gives the same image, another one another': async ({ engine, project, build }) => {
    const names = [`${project}-web`]
    const idOf = async (content: string, key: string): Promise<string | undefined> => {
      const labels = { 'fairway.app': project, 'fairway.build-key': key }
      await engine.build({ ...(await build(content)), names, labels }, limit)
      return (await engine.images({ app: 'nobody', names }))[0]?.id
    }
    const first = await idOf('one', 'k1')
    assert.notEqual(await idOf('two', 'k2'), first)
    assert.equal(await idOf('one', 'k1'), first)
  },

  'a name goes from one image to another, and the one that lost it is there still': async (made) => {
    const { engine, project, build } = made
    const name = `${project}-web`
    const buildAs = async (key: string): Promise<void> => {
      const labels = { 'fairway.app': project, 'fairway.build-key': key }
      await engine.build({ ...(await build(key)), names: [name], labels }, limit)
    }
    await buildAs('k1')
    await buildAs('k2')
    const found = async (): Promise<ReadonlyMap<string, Image>> => {
      const images = await engine.images({ app: project, names: [] })
      return new Map(images.map((image) => [image.buildKey ?? '', image]))
    }
    const namesBy = async (): Promise<unknown> =>
      Object.fromEntries([...(await found())].map(([key, { names }]) => [key, [...names].toSorted()]))
    assert.deepEqual(await namesBy(), { k1: [], k2: [`${name}:latest`] })
    await engine.tag((await found()).get('k1')?.id ?? '', name)
    assert.deepEqual(await namesBy(), { k1: [`${name}:latest`], k2: [] })
    await engine.tag(name, `${name}:again`)
    assert.deepEqual(await namesBy(), { k1: [`${name}:again`, `${name}:latest`], k2: [] })
    await assert.rejects(engine.tag(`${name}:nothere`, name), { name: 'DeployError' })
  },

  'an image loses a name, and with the last one it goes': async ({ engine, project, build }) => {
    const names = [`${project}-web`, `${project}-web:kept`] as const
    await engine.build({ ...(await build('one')), names, labels: { 'fairway.app': project } }, limit)
    const found = async (): Promise<readonly Image[]> => engine.images({ app: project, names: [] })
    const [image] = await found()
    assert.ok(image)
    assert.deepEqual(await engine.images({ app: 'nobody', names: [image.id] }), [image])
    await engine.untag([names[0], `${project}-web:nothere`])
    assert.deepEqual(await found(), [{ ...image, names: [names[1]] }])
    await engine.untag([names[1]])
    assert.deepEqual(await found(), [])
  },

  'an image goes with its last name, and a name that is not there is no error': async (made) => {
    const { engine, project, build } = made
    const [first, second] = [`${project}-web`, `${project}-web:k1`]
    await engine.build({ ...(await build('one')), names: [first, second], labels: labelsOf(project) }, limit)
    await engine.untag([first, `${project}-nothere`])
    assert.deepEqual(await namesOf(engine, project), [[second]])
    await engine.untag([second])
    assert.deepEqual(await namesOf(engine, project), [])
  },

  'removes images by their ids, but for those that have several names, and one that is gone is no error':
    async (made) => {
      const { engine, project, build } = made
      const buildAs = async (key: string, ...names: readonly string[]): Promise<string> => {
        await engine.build({ ...(await build(key)), names, labels: labelsOf(project, key) }, limit)
        return (await engine.images({ app: 'nobody', names }))[0]?.id ?? ''
      }
      const replaced = await buildAs('k1', `${project}-web`)
      const kept = await buildAs('k2', `${project}-web`, `${project}-web:k2`)
      assert.deepEqual(await engine.removeImages([replaced, kept]), [replaced])
      assert.deepEqual(await namesOf(engine, project), [[`${project}-web:k2`, `${project}-web:latest`]])
      assert.deepEqual(await engine.removeImages([replaced]), [])
      assert.deepEqual(await engine.removeImages([]), [])
    },

  'leaves an image that a container uses, whether that runs or not': async ({ engine, project, ...made }) => {
    await made.start('web', {})
    await made.start('job', { exitCode: 0 })
    const used = (await engine.containers(project)).map(({ image }) => image)
    assert.deepEqual(await engine.removeImages(used), [])
  },

  'leaves a build to Compose that takes more than one request': async ({ engine, project, build }) => {
    const names = [`${project}-web`]
    const beyond = await build('one', 'beyond')
    assert.equal(await engine.build({ ...beyond, names, labels: {} }, limit), false)
    assert.deepEqual(await engine.images({ app: 'nobody', names }), [])
  },
}

function labelsOf(app: string, key = 'k1'): Readonly<Record<string, string>> {
  return { 'fairway.app': app, 'fairway.build-key': key }
}

/** The names of each image of an app. */
async function namesOf(engine: Engine, app: string): Promise<readonly (readonly string[])[]> {
  return (await engine.images({ app, names: [] })).map(({ names }) => [...names].toSorted())
}
