import assert from 'node:assert/strict'
import type { Image } from '../domain/image.ts'
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

  'leaves a build to Compose that takes more than one request': async ({ engine, project, build }) => {
    const names = [`${project}-web`]
    const beyond = await build('one', 'beyond')
    assert.equal(await engine.build({ ...beyond, names, labels: {} }, limit), false)
    assert.deepEqual(await engine.images({ app: 'nobody', names }), [])
  },
}
