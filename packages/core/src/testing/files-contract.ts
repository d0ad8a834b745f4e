import assert from 'node:assert/strict'
import { isDeployError } from '../errors.ts'
import type { Files } from '../executors/files.ts'
import type { MaybePromise } from '../step.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'

/** What the suite needs beside `files`: a way to put things there. Paths are absolute. */
export interface FilesUnderTest {
  readonly files: Files
  /** An empty folder, without symbolic links in its path. */
  readonly directory: string
  readonly write: (path: string, text: string) => MaybePromise<void>
  /** Makes `path` a symbolic link to `target`. */
  readonly link: (path: string, target: string) => MaybePromise<void>
}

/** What every `Files` keeps. */
export function filesContract(make: Make<FilesUnderTest>): readonly ContractCase[] {
  return contractCases(make, {
    'reads a file as text': async ({ files, directory, write }) => {
      await write(`${directory}/.env`, 'NAME=Zoë\n')
      assert.equal(await files.read(`${directory}/.env`), 'NAME=Zoë\n')
      assert.equal(await files.exists(`${directory}/.env`), true)
    },

    'answers for a file that is not there, and below a file': async ({ files, directory, write }) => {
      await write(`${directory}/file`, '')
      for (const path of [`${directory}/none`, `${directory}/none/none`, `${directory}/file/none`]) {
        assert.equal(await files.read(path), undefined)
        assert.equal(await files.exists(path), false)
        assert.equal(await files.modifiedAt(path), undefined)
        await files.remove(path)
      }
    },

    'tells an empty file from none': async ({ files, directory, write }) => {
      await write(`${directory}/empty`, '')
      assert.equal(await files.read(`${directory}/empty`), '')
      assert.equal(await files.exists(`${directory}/empty`), true)
      assert.equal(typeof (await files.modifiedAt(`${directory}/empty`)), 'number')
    },

    'digests the content of a file, through links, and nothing else': async ({
      files,
      directory,
      write,
      link,
    }) => {
      await write(`${directory}/a`, '1')
      await write(`${directory}/b`, '1')
      await write(`${directory}/c`, '2')
      await link(`${directory}/link`, `${directory}/a`)
      const of = (name: string): Promise<string | undefined> => files.digest(`${directory}/${name}`)
      const digest = await of('a')
      assert.match(digest ?? '', /^sha256:[0-9a-f]{64}$/)
      assert.equal(await of('b'), digest)
      assert.equal(await of('link'), digest)
      assert.notEqual(await of('c'), digest)
      await write(`${directory}/folder/file`, '1')
      for (const other of ['none', 'folder', 'a/none']) assert.equal(await of(other), undefined)
    },

    'removes one file': async ({ files, directory, write }) => {
      await write(`${directory}/a`, '1')
      await write(`${directory}/ab`, '2')
      await files.remove(`${directory}/a`)
      assert.equal(await files.exists(`${directory}/a`), false)
      assert.equal(await files.read(`${directory}/ab`), '2')
    },

    'knows that a folder exists, and neither reads nor removes it': async ({ files, directory, write }) => {
      await write(`${directory}/folder/file`, '1')
      const folder = `${directory}/folder`
      assert.equal(await files.exists(folder), true)
      for (const action of [() => files.read(folder), () => files.remove(folder)]) {
        await assert.rejects(
          action,
          (error) => isDeployError(error, 'files_failed') && error.message.includes(folder),
        )
      }
      assert.equal(await files.read(`${folder}/file`), '1')
    },

    'follows symbolic links to the real path': async ({ files, directory, write, link }) => {
      await write(`${directory}/releases/7/web.yml`, '1')
      await link(`${directory}/current`, `${directory}/releases/7`)
      assert.equal(await files.realPath(`${directory}/current`), `${directory}/releases/7`)
      assert.equal(await files.realPath(`${directory}/current/web.yml`), `${directory}/releases/7/web.yml`)
      assert.equal(await files.read(`${directory}/current/web.yml`), '1')
    },

    'tells where a symbolic link leads, and that others are none': async ({
      files,
      directory,
      write,
      link,
    }) => {
      await write(`${directory}/folder/file`, '1')
      await link(`${directory}/link`, `${directory}/folder`)
      await link(`${directory}/dangling`, `${directory}/none`)
      assert.equal(await files.readLink(`${directory}/link`), `${directory}/folder`)
      assert.equal(await files.readLink(`${directory}/dangling`), `${directory}/none`)
      for (const path of ['folder', 'folder/file', 'link/file', 'none', 'folder/file/none']) {
        assert.equal(await files.readLink(`${directory}/${path}`), undefined)
      }
    },

    'reads nothing larger than 1 MiB': async ({ files, directory, write }) => {
      await write(`${directory}/large`, 'ä'.repeat(512 * 1024))
      assert.equal((await files.read(`${directory}/large`))?.length, 512 * 1024)
      await write(`${directory}/larger`, `${'ä'.repeat(512 * 1024)}.`)
      await assert.rejects(files.read(`${directory}/larger`), /larger than 1 MiB/)
    },

    'tells how much can still be written, also where nothing is yet': async ({ files, directory, write }) => {
      await write(`${directory}/file`, '1')
      for (const path of [directory, `${directory}/file`, `${directory}/not/there/yet`]) {
        const free = await files.freeSpace(path)
        assert.ok(Number.isSafeInteger(free) && free > 0, `${path}: ${free}`)
      }
    },

    'removes a symbolic link and not what it points to': async ({ files, directory, write, link }) => {
      await write(`${directory}/target`, '1')
      await link(`${directory}/link`, `${directory}/target`)
      await files.remove(`${directory}/link`)
      assert.equal(await files.exists(`${directory}/link`), false)
      assert.equal(await files.read(`${directory}/target`), '1')
    },

    'keeps the part of a real path that is not there yet': async ({ files, directory, write, link }) => {
      await write(`${directory}/srv/file`, '1')
      await link(`${directory}/apps`, `${directory}/srv`)
      assert.equal(await files.realPath(`${directory}/apps/shop/checkout`), `${directory}/srv/shop/checkout`)
      assert.equal(await files.realPath(`${directory}/srv/./x/../shop/`), `${directory}/srv/shop`)
    },
  })
}
