import { describe, expect, test } from 'vitest'
import { planDeployment } from '../../src/decisions/plan-deployment.ts'
import {
  api,
  built,
  changedWeb,
  db,
  deployed,
  image,
  now,
  recordedBut,
  type Row,
  rules,
  shop,
  told,
  web,
  withChange,
} from './plan-world.ts'

describe('building by force', () => {
  const { services = {} } = deployed(shop).recorded ?? {}
  const withFolderOfApi = recordedBut({
    services: { ...services, api: { ...services['api'], context: '/srv/shop/api' } },
  })
  const all = (reason: string): readonly string[] => [`web: build; ${reason}`, `api: build; ${reason}`]
  test.for<Row>([
    ['a person asks', deployed(shop, { requested: true }), ...all('a rebuild was asked for')],
    [
      'a commit message asks for all',
      deployed(shop, { rebuild: 'all' }),
      ...all('a commit message asks for a rebuild'),
    ],
    [
      'a commit message asks for one',
      deployed(shop, { rebuild: ['api'] }),
      'api: build; a commit message asks for a rebuild',
    ],
    ['the trigger file lies there', deployed(shop, { triggered: true }), ...all('REBUILD_TRIGGER is there')],
    [
      'a tracked trigger file changed',
      deployed(shop, { changed: ['REBUILD_TRIGGER'] }),
      ...all('REBUILD_TRIGGER changed'),
    ],
    [
      'a trigger outside of every context',
      deployed(shop, { changed: ['deploy/requirements.txt'] }),
      ...all('deploy/requirements.txt changed'),
    ],
    ['a trigger inside of one counts there, by content', deployed(shop, { changed: ['web/.dockerignore'] })],
    [
      'a trigger that went with the folder of a service',
      deployed([web, db], { recorded: withFolderOfApi, changed: ['api/Dockerfile', 'api/main.py'] }),
    ],
    ['mode always', deployed(shop, { rules: rules({ mode: 'always' }) }), ...all('rebuild.mode is always')],
    [
      'mode never builds nothing that has an image',
      deployed(shop, {
        rules: rules({ mode: 'never' }),
        triggered: true,
        desired: withChange(shop, 'web', changedWeb),
      }),
    ],
    [
      'mode never builds where there is none',
      deployed(shop, { rules: rules({ mode: 'never' }), images: [image(api), image(db)] }),
      'web: build; web has no image yet',
    ],
    [
      'mode triggers looks at names alone',
      deployed(shop, {
        rules: rules({ mode: 'triggers' }),
        desired: withChange(shop, 'web', changedWeb),
        changed: ['web/index.html'],
      }),
    ],
    [
      'mode triggers builds all for one',
      deployed(shop, { rules: rules({ mode: 'triggers' }), changed: ['web/requirements.txt'] }),
      ...all('web/requirements.txt changed'),
    ],
    [
      'mode triggers, after a failed build of what is gone again',
      deployed(shop, {
        rules: rules({ mode: 'triggers' }),
        images: [image(web, { id: 'sha256:bad' }), image(api), image(db)],
        recorded: recordedBut({ unsettled: ['web'] }),
      }),
      'web: build; a deployment that did not succeed may have replaced the image of web',
    ],
  ])('%s', ([, input, ...expected]) => expect(told(input)).toEqual(expected))

  const day = 86_400_000
  test.for<Row>([
    ['a young image', deployed(shop, { rules: rules({ refreshBase: 40 * day }) })],
    [
      'an old one',
      deployed(shop, { rules: rules({ refreshBase: 30 * day }) }),
      ...all('its base images were last asked for 31 days ago, and rebuild.refreshBase is 30 days'),
    ],
    [
      'an old one whose base was asked for since, and was the same',
      deployed([web], {
        rules: rules({ refreshBase: 30 * day }),
        recorded: recordedBut({
          services: {
            web: {
              ...deployed(shop).recorded?.services['web'],
              refreshedAt: new Date(now - day).toISOString(),
            },
          },
        }),
      }),
    ],
  ])('refreshBase: %s', ([, input, ...expected]) => expect(told(input)).toEqual(expected))

  test('refreshBase asks registries, but not for an image that the project itself makes', () => {
    const app = built('app', { bases: ['web'] })
    const plan = planDeployment(deployed([web, app], { rules: rules({ refreshBase: day }) }))
    expect(plan.services.map(({ service, action, pull }) => [service, action, pull])).toEqual([
      ['web', 'build', true],
      ['app', 'build', undefined],
    ])
  })
})
