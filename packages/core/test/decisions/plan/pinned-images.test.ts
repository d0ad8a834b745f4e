import { expect, test } from 'vitest'
import { planDeployment, type PlanInput } from '../../../src/decisions/plan-deployment.ts'
import { built, container, deployed, image, plain } from '../plan-world.ts'

const web = built('web')
const db = plain('db', { image: 'postgres:17' })
const older = image(web, { id: 'sha256:older', names: ['fairway/shop/web:older'], buildKey: 'older' })

/** As after a success with these services, on the way back to a release that ran these images. */
function goingBack(pinned: Readonly<Record<string, string>>, changes: Partial<PlanInput> = {}) {
  const input = deployed([web, db])
  return planDeployment({ ...input, images: [...input.images, older], pinned, ...changes }).services
}
const current = { web: image(web).id, db: image(db).id }

test('an image that is another one now gets the name, and its service is made anew; nothing else is touched', () => {
  const services = goingBack({ ...current, web: older.id })
  expect(services.find(({ service }) => service === 'db')).toMatchObject({ action: 'keep' })
  expect(services.find(({ service }) => service === 'web')).toMatchObject({
    action: 'recreate',
    image: older.id,
  })
})

test('what runs already is kept', () => {
  expect(goingBack(current).map(({ action }) => action)).toEqual(['keep', 'keep'])
})

test.each<[string, Partial<PlanInput>]>([
  ['a changed build', { desired: [built('web', { key: { key: 'new' } }), db] }],
  ['a build of which nothing can be told', { desired: [built('web', { key: { unknown: 'a URL' } }), db] }],
  ['the trigger file', { triggered: true }],
  ['a wish for a rebuild', { requested: true }],
  ['a commit that asks for one', { rebuild: 'all' }],
  ['a pull_policy', { desired: [web, plain('db', { image: 'postgres:17', pullPolicy: 'always' })] }],
  ['no image by the name', { images: [image(web, { names: ['fairway/shop/web:1'] }), image(db), older] }],
])('nothing is built and no registry asked for %s', (_, changes) => {
  const actions = goingBack(current, changes).map(({ action }) => action)
  expect(actions.filter((action) => action === 'build' || action === 'pull')).toEqual([])
})

test('an image that is named by its digest needs no name: its service alone is made anew', () => {
  const digest = `postgres@sha256:${'a'.repeat(64)}`
  const pinnedDb = plain('db', { image: digest })
  const services = goingBack(
    { ...current, db: 'sha256:olddb' },
    { desired: [web, pinnedDb], running: [container(web), container(db)] },
  )
  const plan = services.find(({ service }) => service === 'db')
  expect(plan).toMatchObject({ action: 'recreate' })
  expect(plan).not.toHaveProperty('image')
})

test('a migration is not run again', () => {
  const migrate = built('migrate')
  const input = deployed([web, migrate])
  const services = planDeployment({
    ...input,
    images: [...input.images, older],
    migrate: 'migrate',
    pinned: { web: older.id },
  }).services
  expect(services.find(({ service }) => service === 'migrate')).toMatchObject({
    action: 'keep',
    because: ['what migrate did to the data stays'],
  })
  expect(services.find(({ service }) => service === 'web')).toMatchObject({ action: 'recreate' })
})
