import { expect, test } from 'vitest'
import { defineApp } from '../../src/domain/app.ts'
import { readProject } from '../../src/project/read-project.ts'
import { relocated } from '../../src/project/relocated.ts'
import { fakeCompose } from '../../src/testing/fake-compose.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'

const app = defineApp({ name: 'shop', repository: 'acme/shop', path: '/srv/shop' })

/** A checkout of an old commit, reached by a link, with a new one's files in a folder. */
function world() {
  const git = fakeGit()
  git.commit('refs/heads/main', { 'compose.yaml': 'services: {}\n' })
  git.checkOut('/srv/shop')
  const files = fakeFiles({
    '/mnt/shop/compose.yaml': 'services: { old: { image: old } }\n',
    '/mnt/shop/.env': 'COLOR=red\n',
    '/etc/passwd': 'root\n',
    '/tmp/seen/compose.yaml': 'services: { new: { image: new } }\n',
    '/tmp/seen/conf/site.env': 'A=1\n',
  })
  files.link('/srv/shop', '/mnt/shop')
  const relocation = {
    path: '/srv/shop',
    realPath: '/mnt/shop',
    folder: '/tmp/seen',
    beside: new Set(['.env']),
  }
  const seen = (tracked: readonly string[]) =>
    relocated({ git, files, compose: fakeCompose() }, relocation, new Set(tracked))
  return { files, seen }
}

test('files of the commit are read in place of those of the checkout, untracked ones in the checkout', async () => {
  const { files } = world().seen(['compose.yaml'])
  expect(await files.read('/srv/shop/compose.yaml')).toContain('new')
  expect(await files.read('/mnt/shop/compose.yaml')).toContain('new')
  expect(await files.read('/srv/shop/.env')).toBe('COLOR=red\n')
  expect(await files.exists('/srv/shop/conf/site.env')).toBe(true)
  expect(await files.realPath('/srv/shop/conf')).toBe('/mnt/shop/conf')
  expect(await files.realPath('/srv/shop/.env')).toBe('/mnt/shop/.env')
  await expect(files.remove('/srv/shop/compose.yaml')).rejects.toThrow('only looked at')
})

test('a project is found with its paths in the checkout, and by the .env that is there', async () => {
  const { project, composeFiles } = await readProject(app, world().seen(['compose.yaml']))
  expect(project).toMatchObject({
    name: 'redshop',
    directory: '/srv/shop',
    files: ['/srv/shop/compose.yaml'],
    envFiles: ['/srv/shop/.env'],
  })
  expect(composeFiles.texts).toEqual(['services: { new: { image: new } }\n'])
})

test('a link out of the checkout that only the commit has is refused before anything is read', async () => {
  const { files, seen } = world()
  files.link('/tmp/seen/compose.yml', '/etc/passwd')
  const named = { ...app, compose: { ...app.compose, files: ['compose.yml'] } }
  await expect(readProject(named, seen(['compose.yml']))).rejects.toMatchObject({
    code: 'path_outside_checkout',
  })
})
