import { expect, test } from 'vitest'
import type { Container } from '../../src/domain/container.ts'
import { engineContract } from '../../src/testing/engine-contract.ts'
import { fakeContainer, fakeEngine } from '../../src/testing/fake-engine.ts'

test.for(
  engineContract(() => {
    const engine = fakeEngine()
    let containers: readonly Container[] = []
    const show = (changed: readonly Container[]): void => engine.show('shop', (containers = changed))
    return {
      engine,
      project: 'shop',
      start(service, { lines = [], exitCode, ...changes }) {
        const ended = exitCode === undefined ? {} : ({ state: 'exited', exitCode } as const)
        show([...containers, fakeContainer({ service, ...ended, ...changes })])
        engine.write(service, ...lines)
      },
      create: (service, name) =>
        show([
          ...containers,
          fakeContainer({ service, id: name, name, state: 'created', startedAt: '0001-01-01T00:00:00Z' }),
        ]),
      build(content, beyond) {
        engine.leaveToCompose(...(beyond ? ['web'] : []))
        const build = { context: '/srv/shop', additionalContexts: [], digest: content }
        return { service: 'web', build }
      },
      remove: (service) => show(containers.filter((container) => container.service !== service)),
    }
  }),
)('$name', ({ run }) => run())

test('shows one look after the other, the last one for good, and records what it was asked', async () => {
  const engine = fakeEngine()
  const web = fakeContainer({ service: 'web' })
  engine.show('shop', [], 'unavailable', [web])
  expect(await engine.containers('shop')).toEqual([])
  await expect(engine.containers('shop')).rejects.toMatchObject({ code: 'docker_unavailable' })
  expect(await engine.containers('shop')).toEqual([web])
  expect(await engine.containers('shop')).toEqual([web])
  expect(await engine.logs('web', 20)).toEqual([])
  expect(engine.calls).toEqual([...Array.from({ length: 4 }, () => 'containers shop'), 'logs web 20'])
})
