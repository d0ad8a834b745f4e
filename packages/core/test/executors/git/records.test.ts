import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { DeployedState } from '../../../src/domain/state.ts'
import { gitBench } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

describe('records', () => {
  const state = { services: { web: { build: 'b1', image: 'sha256:1' }, db: {} }, unsettled: ['web'] } as const

  test('come back as they were written', async () => {
    const { path } = bench.cloned()
    const commit = bench.play.git(path, 'rev-parse', 'HEAD')
    expect([await bench.git.deployed(path, 'shop'), await bench.git.readState(path, 'shop')]).toEqual([
      undefined,
      undefined,
    ])
    await bench.git.writeState(path, 'shop', state)
    expect([await bench.git.deployed(path, 'shop'), await bench.git.readState(path, 'shop')]).toEqual([
      undefined,
      state,
    ])
    await bench.git.recordDeployed(path, 'shop', { ...state, commit })
    expect([await bench.git.deployed(path, 'shop'), await bench.git.readState(path, 'shop')]).toEqual([
      commit,
      { ...state, commit },
    ])
    expect(await bench.git.readState(path, 'blog')).toBeUndefined()
  })

  test('move together or not at all', async () => {
    const { path } = bench.cloned()
    await bench.git.writeState(path, 'shop', state)
    const recording = bench.git.recordDeployed(path, 'shop', {
      services: {},
      unsettled: [],
      commit: 'f'.repeat(40),
    })
    await expect(recording).rejects.toMatchObject({ code: 'git_failed' })
    expect(await bench.git.readState(path, 'shop')).toEqual(state)
  })

  test.for([
    'not json',
    '[]',
    'null',
    '{}',
    '{"services":[],"unsettled":[]}',
    '{"services":{},"unsettled":[1]}',
  ])('that are corrupt count as none: %s', async (content) => {
    const { path } = bench.cloned()
    writeFileSync(bench.play.path('state'), content)
    const id = bench.play.git(path, 'hash-object', '-w', bench.play.path('state'))
    bench.play.git(path, 'update-ref', 'refs/fairway/state/shop', id)
    expect(await bench.git.readState(path, 'shop')).toBeUndefined()
  })

  test('that are no text, or whose object is gone, count as none', async () => {
    const { path } = bench.cloned()
    bench.play.git(path, 'update-ref', 'refs/fairway/state/shop', 'HEAD')
    expect(await bench.git.readState(path, 'shop')).toBeUndefined()
    writeFiles(path, { '.git/refs/fairway/state/shop': `${'f'.repeat(40)}\n` })
    expect(await bench.git.readState(path, 'shop')).toBeUndefined()
    // As after a power cut.
    writeFiles(path, { '.git/refs/fairway/state/shop': '', '.git/refs/fairway/deployed/shop': '' })
    expect(await bench.git.readState(path, 'shop')).toBeUndefined()
    expect(await bench.git.deployed(path, 'shop')).toBeUndefined()
    await expect(bench.git.writeState(path, 'shop', state)).rejects.toMatchObject({
      code: 'git_failed',
      hint: "The file of this ref is damaged, as after a power cut: remove refs/fairway/state/shop from the checkout's .git",
    })
  })

  test('tell of a deployment that was interrupted, and drop of that what is not whole', async () => {
    const { path } = bench.cloned()
    const held = [{ service: 'web', commit: 'f'.repeat(40), reason: 'it is bad', at: '' }]
    const goingBack = { deployment: '7', code: 'unhealthy', reason: 'it is bad', services: ['web'], held }
    const settling = { deployment: '7', services: { web: { containers: ['1'] } } }
    const interrupted = { ...state, settling, goingBack }
    await bench.git.writeState(path, 'shop', interrupted)
    expect(await bench.git.readState(path, 'shop')).toEqual(interrupted)
    const odd = { ...state, settling: { services: {} }, goingBack: { ...goingBack, services: [1] } }
    await bench.git.writeState(path, 'shop', odd as unknown as DeployedState)
    expect(await bench.git.readState(path, 'shop')).toEqual(state)
  })

  test('drop what is of a wrong type inside a service', async () => {
    const { path } = bench.cloned()
    const odd = { services: { web: { build: 7, image: 'i' }, db: null }, unsettled: [] }
    await bench.git.writeState(path, 'shop', odd as unknown as DeployedState)
    expect(await bench.git.readState(path, 'shop')).toEqual({
      services: { web: { image: 'i' } },
      unsettled: [],
    })
  })
})
