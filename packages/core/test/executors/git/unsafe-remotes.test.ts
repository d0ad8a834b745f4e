import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { describeError } from '../../../src/errors.ts'
import { at, gitBench } from '../../support/git-bench.ts'

const bench = gitBench()

describe('the remote', () => {
  test.for(['https://ada:hunter2@example.org/x.git', 'https://ghp_hunter2@example.org/x.git'])(
    'S23: with a password is refused, and nothing of it told: %s',
    async (url) => {
      const { path } = bench.cloned()
      const bare = bench.play.path('new')
      bench.play.git(path, 'remote', 'set-url', 'origin', url)
      for (const call of [
        () => bench.git.fetch({ ...at(path), url }, 'refs/heads/main'),
        () => bench.git.fetch(at(path), 'refs/heads/main'),
        () => bench.git.fetchNamed(at(path), 'main'),
        () => bench.git.defaultBranch(at(path)),
        () => bench.git.create({ ...at(bare), url }),
      ]) {
        const error: unknown = await call().catch((reason: unknown) => reason)
        expect(error).toMatchObject({ code: 'unsafe_url' })
        expect(describeError(error)).not.toContain('hunter2')
      }
      expect(existsSync(bare)).toBe(false)
    },
  )

  test.for(['ext::sh -c "touch hacked"', '-uhacked', '--upload-pack=hacked', 'ssh://-oProxyCommand=x/y'])(
    'S12: is refused when it names a program or an option: %s',
    async (url) => {
      const { path } = bench.cloned()
      await expect(bench.git.fetch({ ...at(path), url }, 'refs/heads/main')).rejects.toMatchObject({
        code: 'unsafe_url',
      })
    },
  )
})
