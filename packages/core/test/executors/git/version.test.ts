import { expect, test } from 'vitest'
import { simpleGit } from '../../../src/executors/simple-git.ts'
import { at, gitBench } from '../../support/git-bench.ts'

const bench = gitBench()

test('version is that of git', async () => {
  expect(await bench.git.version()).toMatch(/^\d+\.\d+/)
})

test('a missing git is said in words, by what reads and by what writes', async () => {
  const { path } = bench.cloned()
  const git = simpleGit({ environment: { PATH: bench.play.path('home') } })
  const calls = [() => git.version(), () => git.head(path), () => git.fetch(at(path), 'refs/heads/main')]
  for (const call of calls) {
    await expect(call()).rejects.toMatchObject({
      code: 'git_unavailable',
      message: 'Cannot start git: it is not installed or not in PATH',
    })
  }
})
