import { chmod, mkdir, readdir, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheFolder } from '../src/cache-folder.ts'
import { folder } from './support.ts'

test('what Node compiles lies in the cache of the user, who alone may read it', async () => {
  const home = await folder()
  const made = cacheFolder({ HOME: home })
  expect(made).toBe(join(home, '.cache/fairway/compiled'))
  expect((await stat(join(home, '.cache/fairway'))).mode & 0o777).toBe(0o700)
  expect(cacheFolder({ HOME: home })).toBe(made)
})

test('XDG_CACHE_HOME says where that is', async () => {
  const [home, cache] = [await folder(), await folder()]
  const given = { HOME: home, XDG_CACHE_HOME: cache }
  expect(cacheFolder(given)).toBe(join(cache, 'fairway/compiled'))
  expect(cacheFolder({ ...given, XDG_CACHE_HOME: 'relative' })).toBe(join(home, '.cache/fairway/compiled'))
})

test('none where others could put code into it: theirs is not run', async () => {
  const home = await folder()
  await mkdir(join(home, '.cache/fairway'), { recursive: true })
  await chmod(join(home, '.cache/fairway'), 0o777)
  expect(cacheFolder({ HOME: home })).toBeUndefined()
  expect(await readdir(join(home, '.cache/fairway'))).toEqual([])
})

test('none where it is a link, which leads wherever it is turned', async () => {
  const [home, other] = [await folder(), await folder()]
  await symlink(other, join(home, '.cache'))
  expect(cacheFolder({ HOME: home })).toBeUndefined()
  expect(await readdir(other)).toEqual([])
})

test('none in the home of another user, as sudo leaves it, and nothing is made there', async () => {
  const home = await folder()
  const other = (process.getuid?.() ?? 0) + 1
  expect(cacheFolder({ HOME: home }, other)).toBeUndefined()
  expect(cacheFolder({ XDG_CACHE_HOME: home }, other)).toBeUndefined()
  expect(await readdir(home)).toEqual([])
})

test('none where there is no home, or a file in its place', async () => {
  const home = await folder({ '.cache': '' })
  expect(cacheFolder({ HOME: home })).toBeUndefined()
  expect(cacheFolder({ HOME: join(home, 'nowhere') })).toBeUndefined()
  expect(cacheFolder({ HOME: 'relative' })).toBeUndefined()
  expect(cacheFolder({})).toBeUndefined()
})
