import { mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nodeFiles } from '../../src/executors/node-files.ts'
import { filesContract, type FilesUnderTest } from '../../src/testing/files-contract.ts'

test.for(filesContract(realFolder))('$name', ({ run }) => run())

describe('nodeFiles', () => {
  const files = nodeFiles()
  let directory: string
  beforeEach(async () => {
    directory = await newFolder()
  })
  afterEach(() => rm(directory, { recursive: true }))

  test('tells when a file was changed, in milliseconds since 1970', async () => {
    await writeFile(join(directory, 'file'), '')
    await utimes(join(directory, 'file'), 0, 1_769_860_800)
    expect(await files.modifiedAt(join(directory, 'file'))).toBe(1_769_860_800_000)
  })

  test('says what is wrong with a path, and what to do', async () => {
    await symlink('circle', join(directory, 'circle'))
    await expect(files.realPath(join(directory, 'circle', 'shop'))).rejects.toMatchObject({
      name: 'DeployError',
      code: 'files_failed',
      message: `Cannot resolve ${directory}/circle/shop: its symbolic links go round in a circle`,
      hint: 'Look at that path as the user that runs Fairway',
    })
  })

  // Root may read everything, so a file that is forbidden would show nothing where tests run as root.
  test('does not take a file that cannot be reached for none', async () => {
    const path = join(directory, '.env')
    await symlink(path, path)
    await expect(files.read(path)).rejects.toThrow(`Cannot read ${path}`)
    await expect(files.modifiedAt(path)).rejects.toThrow(`Cannot look`)
  })
})

async function realFolder(): Promise<FilesUnderTest & { cleanup(): Promise<void> }> {
  const directory = await newFolder()
  return {
    files: nodeFiles(),
    directory,
    async write(path, text) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    },
    link: (path, target) => symlink(target, path),
    cleanup: () => rm(directory, { recursive: true }),
  }
}

async function newFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'fairway-node-files-')))
}
