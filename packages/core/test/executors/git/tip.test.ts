import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { describeError } from '../../../src/errors.ts'
import { at, gitBench } from '../../support/git-bench.ts'
import { httpRemote } from '../../support/http-remote.ts'

const bench = gitBench()
const ref = 'refs/heads/main'

describe('the tip of a ref', () => {
  test('is that of `url`, which wins over origin', async () => {
    const { path } = bench.cloned()
    const other = bench.play.origin('other')
    const commit = other.commit({ b: '1' })
    expect(await bench.git.tip({ ...at(path), url: other.path }, ref)).toEqual({ ref, commit })
  })

  test('of a tag that is an object of its own is the commit that it stands for, as when it is fetched', async () => {
    const { origin, path } = bench.cloned()
    origin.git(
      '-c',
      'user.name=Ada',
      '-c',
      'user.email=a@b',
      'tag',
      '--annotate',
      '--message',
      'one',
      'v1',
      ref,
    )
    const tag = 'refs/tags/v1'
    const commit = origin.git('rev-parse', ref)
    expect(origin.git('rev-parse', tag)).not.toBe(commit)
    expect(await bench.git.tip(at(path), tag)).toEqual({ ref: tag, commit })
    expect(await bench.git.fetch(at(path), tag)).toEqual({ ref: tag, commit })
  })

  test('is found without a checkout where there is a `url`, else it is said that there is none', async () => {
    const { origin } = bench.cloned()
    const path = bench.play.path('nowhere')
    expect(await bench.git.tip({ ...at(path), url: origin.path }, ref)).toMatchObject({ ref })
    expect(existsSync(path)).toBe(false)
    await expect(bench.git.tip(at(path), ref)).rejects.toMatchObject({
      code: 'checkout_missing',
      message: `Cannot ask for ${ref} of ${path}: it is not the top folder of a git checkout`,
    })
  })

  test('of a remote that is gone, hangs or wants a login is an error of that kind, and names the checkout', async () => {
    const path = bench.play.path('nowhere')
    const ask = (url: string, timeout = 30_000): Promise<unknown> =>
      bench.git.tip({ path, url, timeout }, ref)
    await expect(ask(bench.play.path('gone.git'))).rejects.toMatchObject({
      code: 'remote_not_found',
      message: expect.stringContaining(`Cannot ask for ${ref} of ${path}: `) as string,
    })
    const remote = await httpRemote(({ url }, response) => {
      if (url?.startsWith('/hangs') !== true) response.writeHead(401).end()
    })
    try {
      await expect(ask(`${remote.url}/x.git`)).rejects.toMatchObject({ code: 'remote_denied' })
      await expect(ask(`${remote.url}/hangs.git`, 1_000)).rejects.toMatchObject({ code: 'timeout' })
    } finally {
      await remote.close()
    }
    const denied = await ask('https://ada:hunter2@example.org/x.git').catch((error: unknown) => error)
    expect(denied).toMatchObject({ code: 'unsafe_url' })
    expect(describeError(denied)).not.toContain('hunter2')
  })
})
