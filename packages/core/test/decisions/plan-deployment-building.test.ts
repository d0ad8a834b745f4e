import { describe, expect, test } from 'vitest'
import {
  api,
  built,
  changedWeb,
  db,
  deployed,
  image,
  newImage,
  recordedBut,
  type Row,
  shop,
  told,
  web,
  withChange,
} from './plan-world.ts'

describe('building', () => {
  test.for<Row>([
    ['nothing changed', deployed(shop)],
    ['a file outside of all contexts', deployed(shop, { changed: ['README.md'] })],
    [
      'a source file',
      deployed(shop, { desired: withChange(shop, 'web', changedWeb), changed: ['web/index.html'] }),
      'web: build; web/index.html changed in build context web',
    ],
    [
      'the first deployment of all',
      deployed(shop, {
        running: [],
        images: [],
        recorded: undefined,
        changed: { unknown: 'shop has no successful deployment yet' },
      }),
      'web: build; web has no image yet; web should have 1 container, none runs',
      'api: build; api has no image yet; api should have 1 container, none runs',
      'db: pull; its image postgres:16 is not here; db should have 1 container, none runs',
    ],
    [
      'back to content that an image here has',
      deployed(shop, {
        desired: withChange(shop, 'web', changedWeb),
        images: [newImage, ...deployed(shop).images],
      }),
      'web: recreate (image sha256:new); web/index.html changed in build context web; an image built from the same content is here',
    ],
    [
      'of several images with the content the newest is taken',
      deployed(shop, {
        desired: withChange(shop, 'web', { key: { key: 'new' } }),
        images: [
          ...deployed(shop).images,
          { ...newImage, id: 'sha256:older', createdAt: '2020-01-01T00:00:00Z' },
          newImage,
        ],
      }),
      'web: recreate (image sha256:new); an image built from the same content is here',
    ],
    [
      'a failed deployment built another image, and the one that runs is wanted again',
      deployed(shop, {
        images: [
          image(web, { names: [] }),
          image(web, { id: 'sha256:bad', buildKey: 'bad' }),
          image(api),
          image(db),
        ],
      }),
      'web: keep (image sha256:image-of-web); shop-web:latest names the image again that web runs',
    ],
    [
      'the build section',
      deployed(shop, {
        desired: withChange(shop, 'web', {
          key: { key: 'new' },
          build: { ...web.build!, digest: 'other', sections: { 'args.VERSION': '2', target: 'a' } },
        }),
        recorded: recordedBut({
          services: {
            ...deployed(shop).recorded?.services,
            web: {
              ...deployed(shop).recorded?.services['web'],
              buildSections: { 'args.VERSION': '1', target: 'a' },
            },
          },
        }),
      }),
      'web: build; the build section of web changed: argument VERSION',
    ],
    [
      'an untracked file in the context',
      deployed(shop, { desired: withChange(shop, 'web', { key: { key: 'new' } }) }),
      'web: build; a file that git does not track changed in build context web',
    ],
    [
      'somebody removed the image',
      deployed(shop, { images: [image(api), image(db)] }),
      'web: build; the image of web is no longer here',
    ],
    [
      'what an image is made of cannot be told',
      deployed(shop, {
        desired: withChange(shop, 'web', { key: { unknown: 'web is built from https://example.com/a.git' } }),
      }),
      'web: build; web is built from https://example.com/a.git',
    ],
    [
      'an image that is here under the name, made before Fairway came',
      deployed([web], {
        images: [
          { id: 'sha256:image-of-web', names: ['shop-web:latest'], createdAt: '2026-01-01T00:00:00Z' },
        ],
        recorded: undefined,
        changed: { unknown: 'shop has no successful deployment yet' },
      }),
      'web: build; shop has no successful deployment yet',
    ],
  ])('%s', ([, input, ...expected]) => expect(told(input)).toEqual(expected))

  const base = built('base', { replicas: 0 })
  const onBase = built('app', { bases: ['base'] })
  test.for<Row>([
    [
      'a base image that is built anew takes along what is built from it, and comes first',
      deployed([onBase, base], {
        desired: [
          { ...onBase, key: { key: 'new app' } },
          { ...base, key: { key: 'new base' }, changes: ['base/a changed in build context base'] },
        ],
      }),
      'base: build; base/a changed in build context base',
      'app: build; its base image, built for base, changes',
    ],
    [
      'also where it is built by force, and no key moved',
      deployed([onBase, base], { rebuild: ['base'] }),
      'base: build; a commit message asks for a rebuild',
      'app: build; its base image, built for base, changes',
    ],
    [
      'not where it is built only because somebody removed its image: what is built from it is here',
      deployed([onBase, base], { images: [image(onBase)] }),
      'base: build; the image of base is no longer here',
    ],
  ])('%s', ([, input, ...expected]) => expect(told(input)).toEqual(expected))
})
