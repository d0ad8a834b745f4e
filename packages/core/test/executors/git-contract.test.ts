import { readFile } from 'node:fs/promises'
import { describe, test } from 'vitest'
import { simpleGit } from '../../src/executors/simple-git.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'
import { gitContract } from '../../src/testing/git-contract.ts'
import { playground, writeFiles } from '../support/repository.ts'

describe('fakeGit', () => {
  test.for(
    gitContract(() => {
      const git = fakeGit()
      const path = '/srv/shop'
      const branches = new Map<string, Record<string, string>>()
      return {
        git,
        path,
        url: '/srv/origin.git',
        push(branch, files, subject, body) {
          const tree = { ...(branches.get(branch) ?? branches.get('main')), ...files }
          branches.set(branch, tree)
          return git.commit(`refs/heads/${branch}`, tree, {
            ...(subject === undefined ? {} : { subject }),
            ...(body === undefined ? {} : { body }),
          })
        },
        write: (file, text) => git.write(path, file, text),
        read: (file) => git.read(path, file),
      }
    }),
  )('$name', ({ run }) => run())
})

describe('simpleGit', () => {
  test.for(
    gitContract(() => {
      const play = playground()
      const origin = play.origin()
      const path = play.path('checkout')
      return {
        git: simpleGit({ environment: play.environment }),
        path,
        url: origin.path,
        push: (branch, files, subject, body) =>
          origin.commit(files, branch, body === undefined ? subject : `${subject}\n\n${body}`),
        write: (file, text) => writeFiles(path, { [file]: text }),
        read: (file) => readFile(`${path}/${file}`, 'utf8').catch(() => undefined),
        cleanup: () => play.remove(),
      }
    }),
  )('$name', ({ run }) => run())
})
