import { describe, expect, test } from 'vitest'
import { planDeployment } from '../../src/decisions/plan-deployment.ts'
import {
  api,
  changedWeb,
  container,
  db,
  deployed,
  image,
  on,
  plain,
  recordedBut,
  type Row,
  shop,
  told,
  web,
  withChange,
} from './plan-world.ts'

describe('replacing containers', () => {
  const state = deployed(shop).recorded?.services ?? {}
  test.for<Row>([
    [
      'environment keys, named and never valued',
      deployed(withChange(shop, 'web', { environment: { A: '1', B: '1', C: '1' } }), {
        desired: withChange(shop, 'web', { configuration: 'new', environment: { A: '2', B: '1', D: '1' } }),
      }),
      'web: recreate; its configuration changed: environment keys A, C, D',
    ],
    [
      'other parts of a section',
      deployed(shop, {
        desired: withChange(shop, 'db', { configuration: 'new', sections: { ports: '1', command: '2' } }),
      }),
      'db: recreate; its configuration changed: command; ports',
    ],
    [
      'the definition of what it uses, which Compose passes over',
      deployed(shop, {
        desired: withChange(shop, 'db', { configuration: 'new', sections: { 'configs.main': '1' } }),
      }),
      'db: recreate (forced); its configuration changed: the config main',
    ],
    [
      'a mounted file',
      deployed(withChange(shop, 'db', { mounts: { 'nginx/default.conf': '1' } }), {
        desired: withChange(shop, 'db', { mounts: { 'nginx/default.conf': '2' } }),
        changed: ['nginx/default.conf'],
      }),
      'db: recreate (forced); nginx/default.conf changed, which db mounts',
    ],
    [
      'files of a mounted folder',
      deployed(withChange(shop, 'db', { mounts: { conf: '1' } }), {
        desired: withChange(shop, 'db', { mounts: { conf: '2' } }),
        changed: ['conf/a', 'conf/b', 'confer'],
      }),
      'db: recreate (forced); conf/a changed, which db mounts; conf/b changed, which db mounts',
    ],
    [
      'a mounted file that no push changed, and a variable',
      deployed(withChange(shop, 'db', { mounts: { '/etc/db.conf': '1', $TOKEN: '1' } }), {
        desired: withChange(shop, 'db', { mounts: { '/etc/db.conf': '2', $TOKEN: '2' } }),
      }),
      'db: recreate (forced); the value of TOKEN changed, which db mounts; /etc/db.conf changed, which db mounts',
    ],
    [
      'a tag that points elsewhere now',
      deployed(shop, { images: [image(web), image(api), image(db, { id: 'sha256:pulled' })] }),
      'db: recreate; postgres:16 is another image now than the one that db runs',
    ],
    [
      'a container that somebody else made differently',
      deployed(shop, { running: [container(web, { configHash: 'other' }), container(api), container(db)] }),
      'web: recreate; somebody else brought web up with another configuration',
    ],
    [
      'a container that a deployment without success made',
      deployed(shop, {
        running: [container(web, { id: 'unknown' }), container(api), container(db)],
        recorded: recordedBut({ unsettled: ['web', 'api'] }),
      }),
      'web: recreate (forced); a deployment that did not succeed may have replaced web',
    ],
    [
      'nothing is recorded yet: Compose is asked',
      deployed(shop, { recorded: recordedBut({ services: { web: state['web']! } }), touched: ['api'] }),
      'api: recreate; nothing is recorded of api yet, and Compose itself would replace it',
    ],
    [
      'who lives in the network of another goes with it',
      deployed([web, plain('side', { dependsOn: [on('web', { shares: true, restart: true })] })], {
        desired: [
          { ...web, ...changedWeb },
          plain('side', { dependsOn: [on('web', { shares: true, restart: true })] }),
        ],
      }),
      'web: build; web/index.html changed in build context web',
      // In one call with web: Compose itself makes it anew then.
      'side: recreate; it lives in web, which is replaced',
    ],
    [
      'who lives in the network of another that is started anew goes with it',
      deployed([web, plain('side', { dependsOn: [on('web', { shares: true })] })], {
        running: [container(web, { state: 'exited', exitCode: 1 }), container(plain('side'))],
      }),
      'web: start; web should have 1 container, none runs',
      'side: recreate (forced); it lives in web, which is replaced',
    ],
    [
      'who lives in the network of another that is restarted is restarted after it',
      deployed(
        [
          db,
          { ...web, dependsOn: [on('db', { restart: true })] },
          plain('side', { dependsOn: [on('web', { shares: true })] }),
        ],
        {
          desired: [
            plain('db', { image: 'postgres:16', configuration: 'other' }),
            { ...web, dependsOn: [on('db', { restart: true })] },
            plain('side', { dependsOn: [on('web', { shares: true })] }),
          ],
        },
      ),
      'db: recreate; its configuration changed',
      'web: restart; db is replaced, and web is to be restarted with it',
      'side: restart; it lives in web, which is restarted',
    ],
    [
      'who depends on another with restart: true is restarted with it',
      deployed(
        [
          web,
          plain('proxy', { dependsOn: [on('web', { restart: true })] }),
          plain('other', { dependsOn: [on('web')] }),
        ],
        {
          desired: [
            { ...web, ...changedWeb },
            plain('proxy', { dependsOn: [on('web', { restart: true })] }),
            plain('other', { dependsOn: [on('web')] }),
          ],
        },
      ),
      'web: build; web/index.html changed in build context web',
      'proxy: restart; web is replaced, and proxy is to be restarted with it',
    ],
    [
      'who runs the image that another builds',
      deployed([plain('worker', { image: 'shop-web' }), web], {
        desired: [plain('worker', { image: 'shop-web' }), { ...web, ...changedWeb }],
        images: [image(web)],
        running: [container(plain('worker'), { image: image(web).id }), container(web)],
      }),
      'worker: recreate; its image shop-web:latest, built for web, changes',
      'web: build; web/index.html changed in build context web',
    ],
  ])('%s', ([, input, ...expected]) => expect(told(input)).toEqual(expected))

  test('no more than five files are named', () => {
    const services = [plain('db', { mounts: { conf: '1' } })]
    const changed = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `conf/${name}`)
    const input = deployed(services, {
      desired: withChange(services, 'db', { mounts: { conf: '2' } }),
      changed,
    })
    const because = planDeployment(input).services[0]?.because ?? []
    expect(because).toHaveLength(6)
    expect(because.at(-1)).toBe('2 more changed that db mounts')
  })

  test('what the repository names cannot move the terminal', () => {
    const input = deployed(shop, {
      desired: withChange(shop, 'web', { key: { key: 'n' }, changes: ['web/\u001b[2J changed'] }),
    })
    expect(told(input)).toEqual([String.raw`web: build; web/\x1b[2J changed`])
  })
})
