import type { Action, Plan } from '@fairway/core'
import { expect, test } from 'vitest'
import type { ContainerRecord, Left, MadeBy } from '../../../src/journal/journal.ts'
import { nameMakers, type Try } from '../../../src/journal/rules/name-makers.ts'

const left = (service: string, id = `${service}-1`): Left => ({ service, id, image: `sha256:${service}` })

const madeBy = (deployment: string): MadeBy => ({
  deployment,
  delivery: `delivery of ${deployment}`,
  commit: `commit of ${deployment}`,
  because: [`${deployment} had a reason for web`],
  at: `time of ${deployment}`,
})

const recorded = (id: string, by: MadeBy | null): ContainerRecord => ({ ...left('web', id), madeBy: by })

function tried(deployment: string, action: Action): Try {
  const { delivery, commit, because, at } = madeBy(deployment)
  const plan: Plan = { app: 'shop', commit, services: [{ service: 'web', action, because }] }
  return { deployment, delivery, plan, at }
}

test.each<{
  readonly it: string
  readonly recorded?: readonly ContainerRecord[]
  readonly tries: readonly Try[]
  readonly maker: MadeBy | null
}>([
  ...(['build', 'pull', 'recreate', 'start'] as const).map((action) => ({
    it: `a new container is made by the deployment whose plan is to ${action} its service`,
    recorded: [recorded('web-0', madeBy('first'))],
    tries: [tried('second', action)],
    maker: madeBy('second'),
  })),
  {
    it: 'one that was there before keeps its maker, though this deployment planned to make another',
    recorded: [recorded('web-1', madeBy('first'))],
    tries: [tried('second', 'build')],
    maker: madeBy('first'),
  },
  {
    it: 'one that was restarted keeps its maker',
    recorded: [recorded('web-1', madeBy('first'))],
    tries: [tried('second', 'restart')],
    maker: madeBy('first'),
  },
  {
    it: 'one that was kept, and that nothing is recorded of, was there before',
    tries: [tried('first', 'keep')],
    maker: null,
  },
  {
    it: 'it stays so in the records after that',
    recorded: [recorded('web-1', null)],
    tries: [tried('second', 'keep')],
    maker: null,
  },
  {
    it: 'one that an earlier deployment made, whose end was recorded without containers, was made by that one',
    recorded: [recorded('web-0', madeBy('first'))],
    tries: [tried('third', 'keep'), tried('second', 'build')],
    maker: madeBy('second'),
  },
  {
    it: 'of several that may have made it, the newest did',
    tries: [tried('third', 'recreate'), tried('second', 'build')],
    maker: madeBy('third'),
  },
  {
    it: 'a service that no plan has was started by somebody else',
    tries: [{ ...tried('first', 'build'), plan: { app: 'shop', commit: 'c', services: [] } }],
    maker: null,
  },
])('$it', ({ recorded: earlier = [], tries, maker }) => {
  expect(nameMakers({ left: [left('web')], recorded: earlier, tries })).toEqual([
    { ...left('web'), madeBy: maker },
  ])
})

test('each container of a service that runs several is told by itself', () => {
  const both = [left('web', 'web-1'), left('web', 'web-2')]
  const found = nameMakers({
    left: both,
    recorded: [recorded('web-1', madeBy('first'))],
    tries: [tried('second', 'recreate')],
  })
  expect(found.map((container) => container.madeBy?.deployment)).toEqual(['first', 'second'])
})
