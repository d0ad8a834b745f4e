import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { defineApp } from '../../../src/domain/app.ts'
import type { Push } from '../../../src/domain/push.ts'
import { describeError } from '../../../src/errors.ts'
import type { Git } from '../../../src/executors/git.ts'
import { runCommand } from '../../../src/executors/process.ts'
import { simpleGit } from '../../../src/executors/simple-git.ts'
import { pipeline } from '../../../src/pipeline.ts'
import { gitPull } from '../../../src/steps/git-pull.ts'
import { fakeClock } from '../../../src/testing/fake-clock.ts'
import { at, gitBench } from '../../support/git-bench.ts'
import { failureOf } from '../../support/remote-calls.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()
const ref = 'refs/heads/main'

/** A git that notes each call before it does its work. */
function watchedGit(): { readonly git: Git; readonly calls: () => string } {
  const marker = bench.play.path('spawned')
  const path = bench.play.environment['PATH'] ?? ''
  writeFiles(bench.play.directory, {
    'bin/git': `#!/bin/sh\necho "$*" >> '${marker}'\nPATH='${path}' exec git "$@"\n`,
  })
  chmodSync(bench.play.path('bin/git'), 0o755)
  const environment = { ...bench.play.environment, PATH: `${bench.play.path('bin')}:${path}` }
  return {
    git: simpleGit({ environment }),
    calls: () => (existsSync(marker) ? readFileSync(marker, 'utf8') : ''),
  }
}

async function deploy(git: Git, options: { url?: string; branch?: string; ref?: string }): Promise<unknown> {
  const { ref: named, ...given } = options
  const app = defineApp({ name: 'shop', repository: 'ada/shop', path: bench.play.path('shop'), ...given })
  const manual = named === undefined ? {} : { manual: { ref: named } }
  const outcome = await pipeline<{ app: typeof app; push: Push }>()
    .use(gitPull({ git, clock: fakeClock() }))
    .run({ app, push: { repository: 'ada/shop', ref, pusher: 'ada', ...manual } })
  return 'error' in outcome ? outcome.error : outcome
}

const refs = [
  '--upload-pack=touch hacked',
  '--upload-pack=hacked',
  '--upload-p=hacked',
  '-uhacked',
  '-u',
  '--exec=hacked',
  '--receive-pack=hacked',
  '-ccore.sshCommand=hacked',
  '--config-env=x=y',
  '--output=hacked',
  '--template=hacked',
  '--all',
  '--',
  '-',
  'refs/heads/--upload-pack=hacked',
  'refs/tags/-x',
  'refs/heads/../../config',
  'main:refs/heads/stolen',
  '+refs/heads/*:refs/heads/*',
  '^main',
  'main^{/x}',
  'main~1',
  'HEAD@{0}',
  '@{-1}',
  '@',
  'main\n--upload-pack=hacked',
  'main\0',
  'main\u001b[2J',
  'main --upload-pack=hacked',
  'main.lock',
  'a..b',
  '',
  'x'.repeat(300),
]

const urls = [
  '--upload-pack=touch hacked',
  '-uhacked',
  '-oProxyCommand=touch hacked',
  'ext::sh -c "touch hacked"',
  'EXT::sh -c touch% hacked',
  'fd::17',
  '::hacked',
  'transport-helper::https://git.example/x',
  'https::https://git.example/x',
  'ssh://-oProxyCommand=touch${IFS}hacked/x',
  'ssh://%2doProxyCommand=hacked/x',
  'ssh://git@-oProxyCommand=hacked/x',
  'git@-oProxyCommand=hacked:x',
  '[-oProxyCommand=hacked]:x',
  'git.example:-upload-pack',
  'git@git.example:--upload-pack=hacked',
  'https://-hacked/x',
  'git://git.example/x.git',
  'ftp://git.example/x.git',
  'ftps://git.example/x.git',
  'rsync://git.example/x.git',
  'git+ssh://git.example/x.git',
  'gopher://git.example/x.git',
  'bundle-uri://git.example/x',
  'HTTPS://git.example/x.git',
  'javascript://git.example/x',
  'https:///x.git',
  'https://git.example:99999999/x.git',
  'https://git.example\\@evil.example/x.git',
  'https://git ex.ample/x.git',
  'https://git.example/x.git\nhost=evil.example',
  'https://git.example/%0ahost=evil.example',
  'https://git.example/x\u0000.git',
  'https://git.example/x%00.git',
  '/srv/git/\u001b]0;x\u0007',
  'https://ada:hunter2@git.example/x.git',
  'https://ghp_hunter2@git.example/x.git',
  'https://git.example/x.git?private_token=hunter2',
  'ssh://git:hunter2@git.example/x.git',
  '',
]

describe('S11: refused before anything is spawned:', () => {
  test('the corpus has at least forty of them', () => {
    expect(new Set(refs).size + new Set(urls).size).toBeGreaterThanOrEqual(70)
  })

  test.for(refs)('the ref %j', async (hostile) => {
    const { git, calls } = watchedGit()
    const checkout = { ...at(bench.play.directory), url: bench.play.path('gone.git') }
    for (const ask of [() => git.fetch(checkout, hostile), () => git.fetchNamed(checkout, hostile)]) {
      expect((await failureOf(ask())).error).toMatchObject({ code: 'ref_not_found' })
    }
    expect(await deploy(git, { ref: hostile })).toMatchObject({ code: 'ref_not_found' })
    expect(calls()).toBe('')
    // The proof that it would have been seen.
    await git.version()
    expect(calls()).toContain('--version')
  })

  test.for(urls)('the remote %j', async (url) => {
    const { git, calls } = watchedGit()
    const checkout = { ...at(bench.play.directory), url }
    for (const ask of [
      () => git.fetch(checkout, ref),
      () => git.fetchNamed(checkout, 'main'),
      () => git.defaultBranch(checkout),
      () => git.create({ ...checkout, path: bench.play.path('new') }),
    ]) {
      const { error, text } = await failureOf(ask())
      expect(error).toMatchObject({ code: 'unsafe_url' })
      expect(text).not.toMatch(/hunter2|(?!\n)\p{Cc}/u)
      expect(text).toMatch(/https|credential helper|keys of its agent/)
    }
    expect(await deploy(git, { url })).toMatchObject({ code: 'unsafe_url' })
    expect([calls(), existsSync(bench.play.path('new'))]).toEqual(['', false])
  })

  test('a branch of the configuration', async () => {
    const { git, calls } = watchedGit()
    expect(await deploy(git, { branch: '-uhacked' })).toMatchObject({ code: 'ref_not_found' })
    expect(calls()).toBe('')
  })
})

describe('S12: what the origin of a checkout names', () => {
  test.for(urls.filter((url) => url !== '' && !url.includes('\0')))('is never contacted: %j', async (url) => {
    const { path } = bench.cloned()
    const { git, calls } = watchedGit()
    bench.play.git(path, 'config', 'remote.origin.url', url)
    const { error, text } = await failureOf(git.fetch(at(path), ref))
    expect(error).toMatchObject({ code: 'unsafe_url' })
    expect(text).not.toContain('hunter2')
    expect(calls()).not.toContain('fetch')
    expect(existsSync(bench.play.path('hacked'))).toBe(false)
  })

  test('is not contacted either where the configuration makes something else of it', async () => {
    const { path } = bench.cloned()
    const { git, calls } = watchedGit()
    bench.play.git(path, 'remote', 'set-url', 'origin', 'https://git.example/x.git')
    for (const base of ['ext::sh -c hacked ', 'git://git.example/', 'https://ada:hunter2@git.example/']) {
      bench.play.git(path, 'config', `url.${base}.insteadOf`, 'https://git.example/')
      const { error } = await failureOf(git.fetch(at(path), ref))
      expect(error).toMatchObject({ code: 'unsafe_url' })
      expect(describeError(error)).not.toContain('hunter2')
      bench.play.git(path, 'config', '--unset', `url.${base}.insteadOf`)
    }
    expect(calls()).not.toContain('fetch')
  })

  test('git itself refuses a transport that its configuration slips in behind us', async () => {
    const { path } = bench.cloned()
    const hacked = bench.play.path('hacked')
    // A helper program that git would run for this remote whatever its address is.
    writeFiles(bench.play.directory, { 'bin/git-remote-hack': `#!/bin/sh\ntouch '${hacked}'\n` })
    chmodSync(bench.play.path('bin/git-remote-hack'), 0o755)
    const searched = `${bench.play.path('bin')}:${bench.play.environment['PATH']}`
    const environment = { ...bench.play.environment, PATH: searched }
    bench.play.git(path, 'config', 'remote.origin.vcs', 'hack')
    bench.play.git(path, 'config', 'protocol.allow', 'always')
    await expect(simpleGit({ environment }).fetch(at(path), ref)).rejects.toMatchObject({
      code: 'unsafe_url',
      message: `Cannot fetch ${ref} into ${path}: git's configuration would have it fetched over hack`,
    })
    expect(existsSync(hacked)).toBe(false)
    // Without the wall git does run it.
    await runCommand({ command: 'git', args: ['fetch', 'origin'], directory: path, environment })
    expect(existsSync(hacked)).toBe(true)
  })

  test('may be https, http, ssh and a path, as a URL too', async () => {
    const { origin, path } = bench.cloned()
    const commit = origin.commit({ a: '2' })
    for (const url of [origin.path, `file://${origin.path}`]) {
      expect(await bench.git.fetch({ ...at(path), url }, ref)).toEqual({ ref, commit })
    }
  })
})
