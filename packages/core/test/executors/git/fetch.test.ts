import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { isGroupAlive } from '../../../src/executors/process-group.ts'
import { trackChildren } from '../../../src/run.ts'
import { at, gitBench } from '../../support/git-bench.ts'

const bench = gitBench()

describe('the remote', () => {
  test('that is not there is an error in words', async () => {
    const { path } = bench.cloned()
    const url = bench.play.path('gone.git')
    await expect(bench.git.fetch({ ...at(path), url }, 'refs/heads/main')).rejects.toMatchObject({
      code: 'remote_not_found',
      message: `Cannot fetch refs/heads/main into ${path}: '${url}' does not appear to be a git repository`,
    })
  })

  test.for(['timeout', 'cancelled'] as const)(
    'F12: that never answers ends by %s, and nothing survives',
    async (how) => {
      const { path } = bench.cloned()
      let connected = (): void => {}
      const listener = createServer(() => connected()).listen(0, '127.0.0.1')
      await new Promise((resolve) => listener.once('listening', resolve))
      try {
        const controller = new AbortController()
        if (how === 'cancelled') connected = () => controller.abort('enough')
        const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/x.git`
        const children = trackChildren()
        const groups = new Set<number>()
        children.watch((running) => running.forEach((group) => groups.add(group)))
        const checkout = { path, url, timeout: how === 'timeout' ? 1_000 : 30_000 }
        const began = performance.now()
        const call = { children, signal: controller.signal }
        await expect(bench.git.fetch(checkout, 'refs/heads/main', call)).rejects.toMatchObject({ code: how })
        expect(performance.now() - began).toBeLessThan(5_000)
        expect([...groups].map((pid) => isGroupAlive({ pid }))).toEqual([false])
        expect(processesNaming(url)).toEqual([])
      } finally {
        listener.close()
      }
    },
  )

  test('without a default branch is said', async () => {
    const { origin, path } = bench.cloned()
    origin.git('symbolic-ref', 'HEAD', 'refs/heads/gone')
    await expect(bench.git.defaultBranch(at(path))).rejects.toMatchObject({
      code: 'ref_not_found',
      message: `Cannot tell which branch ${path} follows: its remote names no default`,
    })
  })
})

/** Pids of all processes whose command line has this text. */
function processesNaming(part: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(part)
    } catch {
      return false
    }
  })
}
