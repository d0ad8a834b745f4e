import { beforeEach, describe, expect, test } from 'vitest'
import { type AppOptions, defineApp } from '../../src/domain/app.ts'
import type { Push } from '../../src/domain/push.ts'
import { DeployError } from '../../src/errors.ts'
import { pipeline } from '../../src/pipeline.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { type FakeClock, fakeClock } from '../../src/testing/fake-clock.ts'
import { type FakeGit, fakeGit } from '../../src/testing/fake-git.ts'

let git: FakeGit
let clock: FakeClock
let log: string[]
let commit: string
beforeEach(() => {
  git = fakeGit()
  clock = fakeClock()
  log = []
  commit = git.commit('refs/heads/main', { a: '1' })
})

const unreachable = new DeployError('remote_unreachable', 'Cannot fetch: git.example answered 503')

interface Options extends Partial<AppOptions> {
  readonly push?: Partial<Push>
  /** Called with each warning. */
  readonly warned?: (message: string) => void
  readonly signal?: AbortSignal
}

function pull({ push = {}, warned, signal, ...options }: Options = {}) {
  const app = defineApp({ name: 'shop', repository: 'ada/shop', path: '/srv/shop', ...options })
  const warn = (message: string): void => {
    log.push(message)
    warned?.(message)
  }
  return pipeline<{ app: typeof app; push: Push }>()
    .use(gitPull({ git, clock, random: () => 0.6 }))
    .run(
      { app, push: { repository: 'ada/shop', ref: 'refs/heads/main', pusher: 'ada', ...push } },
      { log: { debug() {}, info() {}, warn, error() {} }, ...(signal ? { signal } : {}) },
    )
}

const fetches = (): number => git.calls.filter((call) => /^(fetch|ask)/.test(call)).length

describe('F11: a remote that is away for a while', () => {
  test.for([
    ['fetch', {}, {}],
    ['fetchNamed', { manual: { ref: 'main' } }, {}],
    ['defaultBranch', {}, { url: 'https://git.example/shop.git', path: '/srv/new' }],
  ] as const)('is asked again: %s', async ([method, push, options]) => {
    git.checkOut('/srv/shop')
    git.fail(method, unreachable)
    const outcome = await pull({ push, ...options, warned: () => log.length === 2 && git.mend(method) })
    expect(outcome).toMatchObject({ status: 'success', ctx: { pull: { after: commit } } })
    expect(log).toEqual([
      'Cannot fetch: git.example answered 503; trying again in 2.1 s (attempt 2 of 4)',
      'Cannot fetch: git.example answered 503; trying again in 4.2 s (attempt 3 of 4)',
    ])
  })

  test('is given up after four attempts', async () => {
    git.checkOut('/srv/shop')
    git.fail('fetch', unreachable)
    expect(await pull()).toMatchObject({ status: 'failure', step: 'gitPull', error: unreachable })
    expect([fetches(), log.length, clock.monotonic()]).toEqual([4, 3, 2_100 + 4_200 + 8_400])
  })

  test('is not waited for beyond the timeout of git, which is one for all', async () => {
    git.fail('defaultBranch', unreachable)
    const outcome = await pull({
      url: 'https://git.example/shop.git',
      timeouts: { git: 5_000 },
      warned() {
        git.mend('defaultBranch')
        git.fail('fetch', unreachable)
      },
    })
    expect(outcome).toMatchObject({ status: 'failure', error: unreachable })
    // After 2.1 s for the first question and as much for the second the next wait would be too long.
    expect([log.length, clock.monotonic()]).toEqual([2, 4_200])
  })

  test('is not waited for once the run is cancelled', async () => {
    git.checkOut('/srv/shop')
    git.fail('fetch', unreachable)
    const cancelling = new AbortController()
    const outcome = await pull({
      signal: cancelling.signal,
      warned: () => cancelling.abort(new DeployError('cancelled', 'enough')),
    })
    expect([outcome.status, fetches()]).toEqual(['cancelled', 1])
  })

  test.for([
    'remote_denied',
    'remote_not_found',
    'ref_not_found',
    'git_failed',
    'timeout',
    'unsafe_url',
  ] as const)('is asked once where it failed by %s', async (code) => {
    git.checkOut('/srv/shop')
    git.fail('fetch', new DeployError(code, 'no'))
    expect(await pull()).toMatchObject({ status: 'failure', error: { code } })
    expect([fetches(), log]).toEqual([1, []])
  })
})
