import { symlink, writeFile, chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeOrigin } from '../../../../scripts/lib/origin.ts'
import { run } from '../../../../scripts/lib/run.ts'
import { checkGitConfig } from '../../src/doctor/check-git-config.ts'
import { checkLfs } from '../../src/doctor/check-lfs.ts'
import { checkOwnership } from '../../src/doctor/check-ownership.ts'
import { remoteOf } from '../../src/doctor/remote-of.ts'
import { defineApp } from '@fairway/core'
import { folder } from '../support.ts'

async function checkout(files: Readonly<Record<string, string>>): Promise<{ path: string; url: string }> {
  const directory = await folder()
  const origin = await makeOrigin(directory)
  await origin.commit('first', files)
  await origin.push()
  const path = join(directory, 'my shop')
  await run('git', ['clone', '-q', origin.url, path])
  return { path, url: origin.url }
}

/** A folder for PATH with nothing but these programs. */
async function programs(names: readonly string[]): Promise<string> {
  const directory = await folder()
  for (const name of names) {
    const found = (await run('which', [name]).catch(() => '')).trim()
    if (found !== '') {
      await symlink(found, join(directory, name))
      continue
    }
    await writeFile(join(directory, name), '#!/bin/sh\n')
    await chmod(join(directory, name), 0o755)
  }
  return directory
}

test('F32: a checkout with files in Git LFS needs git-lfs', async () => {
  const { path } = await checkout({ 'assets/.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' })
  expect(await checkLfs({ path }, 'apps.shop', { PATH: await programs(['git']), HOME: '/' })).toEqual([
    {
      check: 'apps.shop',
      level: 'blocks',
      message: 'has files in Git LFS, and git-lfs is not installed',
      fix: 'sudo apt-get install git-lfs',
    },
  ])
  const both = await programs(['git', 'git-lfs'])
  expect(await checkLfs({ path }, 'apps.shop', { PATH: both, HOME: '/' })).toMatchObject([{ level: 'ok' }])
})

test('a checkout without such files needs none, nor does one without a commit', async () => {
  const environment = { PATH: await programs(['git']), HOME: '/' }
  const { path } = await checkout({ 'README.md': 'no *.bin filter=lfs here\n', '.gitattributes': '* text\n' })
  expect(await checkLfs({ path }, 'apps.shop', environment)).toEqual([])
  const empty = await folder()
  await run('git', ['init', '-q', empty])
  expect(await checkLfs({ path: empty }, 'apps.shop', environment)).toEqual([])
})

test('S15: a key that runs a program is named, with a command that can be copied', async () => {
  const { path } = await checkout({ 'README.md': '' })
  await run('git', ['-C', path, 'config', 'core.hooksPath', '/tmp'])
  await run('git', ['-C', path, 'config', 'filter.lfs.smudge', 'git-lfs smudge -- %f'])
  const environment = { PATH: process.env['PATH'], HOME: '/' }
  const findings = await checkGitConfig({ path }, 'apps.shop', environment)
  expect(findings).toEqual([
    {
      check: 'apps.shop',
      level: 'warning',
      message: `${path}/.git/config sets core.hookspath, which can run a program or change where git goes`,
      fix: `git -C '${path}' config --local --unset-all core.hookspath`,
    },
  ])
  await run('sh', ['-c', findings[0]?.fix ?? 'false'])
  expect(await checkGitConfig({ path }, 'apps.shop', environment)).toEqual([])
})

test('a checkout of our own is fine, one that is not there yet needs a place', async () => {
  const { path, url } = await checkout({ 'README.md': '' })
  const accounts = { users: [], groups: [] }
  const app = defineApp({ name: 'shop', repository: 'acme/shop', path })
  expect(await checkOwnership(app, 'apps.shop', accounts)).toEqual([])
  const fresh = { ...app, path: join(path, 'not', 'there'), url }
  expect(await checkOwnership(fresh, 'apps.shop', accounts)).toEqual([])
})

test('the remote is that of the app, else that of its checkout', async () => {
  const { path, url } = await checkout({ 'README.md': '' })
  const environment = { PATH: process.env['PATH'], HOME: '/' }
  const app = defineApp({ name: 'shop', repository: 'acme/shop', path })
  expect(await remoteOf(app, environment)).toBe(url)
  expect(await remoteOf({ ...app, url: 'https://example.org/shop.git' }, environment)).toBe(
    'https://example.org/shop.git',
  )
  expect(await remoteOf({ ...app, path: join(path, 'nowhere') }, environment)).toBeUndefined()
})
