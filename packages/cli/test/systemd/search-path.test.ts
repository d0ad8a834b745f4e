import { expect, test } from 'vitest'
import { searchPath } from '../../src/systemd/search-path.ts'

/** A machine where docker lies in these folders. */
function docker(folders: readonly string[]): (path: string) => boolean {
  return (path) => folders.some((folder) => path === `${folder}/docker`)
}

test('a program that systemd finds by itself needs no PATH, one that is nowhere neither', () => {
  expect(searchPath({ PATH: '/snap/bin:/usr/bin' }, docker(['/snap/bin', '/usr/bin']))).toEqual({})
  expect(searchPath({ PATH: '/snap/bin' }, docker([]))).toEqual({})
})

test('one that lies elsewhere has its folder added', () => {
  expect(searchPath({ PATH: 'relative:/snap/bin' }, docker(['/snap/bin', 'relative']))).toEqual({
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin',
  })
})
