import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { at, gitBench, time } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

test('S14, S15: hooks and fsmonitor of the checkout never run', async () => {
  const { origin, path } = bench.cloned()
  const spy = `#!/bin/sh\necho "$0 $@" >> ${bench.play.path('ran')}\n`
  const hooks = [
    'post-checkout',
    'post-merge',
    'reference-transaction',
    'post-index-change',
    'post-commit',
    'pre-auto-gc',
  ]
  for (const name of [...hooks, 'monitor']) {
    writeFiles(path, { [`.git/hooks/${name}`]: spy })
    chmodSync(join(path, '.git/hooks', name), 0o755)
  }
  bench.play.git(path, 'config', 'core.fsmonitor', join(path, '.git/hooks/monitor'))
  origin.commit({ a: '2' })
  // Of the same content but newer: whoever refreshes the index writes it.
  writeFiles(path, { a: '1' })
  const { commit = '' } = (await bench.git.head(path)) ?? {}
  await bench.inTheWay(path)
  await bench.git.keepEdits(path, time)
  writeFiles(path, { a: 'mine' })
  await bench.git.keepEdits(path, time)
  const after = await bench.pull(path)
  await bench.git.changedFiles(path, commit, after)
  await bench.git.isTracked(path, 'a')
  await bench.git.recordDeployed(path, 'shop', { commit: after, services: {}, unsettled: [] })
  await bench.git.readState(path, 'shop')
  await bench.git.fetchNamed(at(path), 'main')
  await bench.git.defaultBranch(at(path))
  expect(existsSync(bench.play.path('ran'))).toBe(false)
})
