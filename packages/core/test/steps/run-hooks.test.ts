import { symlinkSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type App, defineApp, type Hooks } from '../../src/domain/app.ts'
import type { Plan } from '../../src/domain/plan.ts'
import type { Project } from '../../src/domain/project.ts'
import type { Pull } from '../../src/domain/pull.ts'
import { DeployError } from '../../src/errors.ts'
import { hostCommands } from '../../src/executors/host-commands.ts'
import { nodeFiles } from '../../src/executors/node-files.ts'
import { isGroupAlive } from '../../src/executors/process-group.ts'
import { simpleGit } from '../../src/executors/simple-git.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import {
  type HookContext,
  onFailureHooks,
  runHooks,
  type RunHooksOptions,
} from '../../src/steps/run-hooks.ts'
import { fakeCommands } from '../../src/testing/fake-commands.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'
import { type Files, type Playground, playground } from '../support/repository.ts'

const pull: Pull = { after: 'a'.repeat(40), ref: 'refs/heads/main' }
const project: Project = {
  name: 'redshop',
  directory: '/srv/shop',
  files: [],
  envFiles: [],
  profiles: [],
  environment: {},
}
const plan: Plan = {
  app: 'shop',
  commit: pull.after,
  services: [
    { service: 'web', action: 'build', because: [] },
    { service: 'db', action: 'keep', because: [] },
  ],
}

interface Tried {
  readonly outcome: Outcome<object>
  readonly lines: readonly string[]
  readonly output: readonly string[]
  readonly error: DeployError | undefined
}

/** Runs `beforeUp`, what stands for the deployment itself, `afterUp`; and `onFailure` where that fails. */
async function deploy(
  app: App,
  options: RunHooksOptions,
  up: () => void = () => {},
  signal?: AbortSignal,
): Promise<Tried> {
  const lines: string[] = []
  const output: string[] = []
  const write = (line: string): void => void lines.push(line)
  const outcome = await pipeline<HookContext>()
    .use(runHooks({ when: 'beforeUp', ...options }))
    .use('up', up)
    .use(runHooks({ when: 'afterUp', ...options }))
    .rescue('onFailure', onFailureHooks({ ...options, redact: (text) => text.replaceAll('geheim', '***') }))
    .run(
      { app, pull, project, plan, deployment: 'd1' },
      {
        log: { debug() {}, info: write, warn: write, error: write },
        observe: (event) => void (event.type === 'output' && output.push(event.line)),
        ...(signal ? { signal } : {}),
      },
    )
  return { outcome, lines, output, error: 'error' in outcome ? (outcome.error as DeployError) : undefined }
}

describe('with doubles', () => {
  const app = (hooks: Partial<Hooks>): App =>
    defineApp({ name: 'shop', repository: 'acme/shop', path: '/srv/shop', hooks })
  const doubles = () => ({ commands: fakeCommands(), git: fakeGit(), files: fakeFiles() })

  test('each runs in its moment, in the order in which they are listed', async () => {
    const { commands, ...rest } = doubles()
    const hooks = {
      beforeUp: [['./check', '--all'], ['true']],
      afterUp: [['curl', 'https://status.example']],
      onFailure: [['alarm']],
    }
    const { outcome } = await deploy(app(hooks), { commands, ...rest })
    expect(outcome.status).toBe('success')
    expect(commands.calls).toEqual(['/srv/shop/check --all', 'true', 'curl https://status.example'])
    const told = commands.commands.map(({ environment }) => environment)
    expect(told[0]).toEqual({
      FAIRWAY_APP: 'shop',
      FAIRWAY_COMMIT: pull.after,
      FAIRWAY_DEPLOYMENT: 'd1',
      FAIRWAY_PROJECT: 'redshop',
      FAIRWAY_REF: 'refs/heads/main',
      FAIRWAY_SERVICES: 'web',
    })
    expect(told[2]).toEqual({ ...told[0], FAIRWAY_STATUS: 'success' })
    expect(commands.commands[0]).toMatchObject({ directory: '/srv/shop', timeout: 300_000 })
  })

  test('a failing beforeUp ends it: nothing after it runs but onFailure, which is told why', async () => {
    const { commands, ...rest } = doubles()
    commands.end('check', 3)
    let isUp = false
    const hooks = { beforeUp: [['check', 'geheim'], ['never']], afterUp: [['never']], onFailure: [['alarm']] }
    const { error } = await deploy(app(hooks), { commands, ...rest }, () => void (isUp = true))
    expect(isUp).toBe(false)
    expect(commands.calls).toEqual(['check geheim', 'alarm'])
    expect(error).toMatchObject({
      code: 'hook_failed',
      message: 'hooks.beforeUp[0] (check) ended with exit code 3',
      hint: 'No container was replaced: what was deployed before still runs',
    })
    expect(commands.commands[1]?.environment).toMatchObject({
      FAIRWAY_STATUS: 'failure',
      FAIRWAY_REASON: 'hooks.beforeUp[0] (check) ended with exit code 3',
    })
  })

  test('a failing afterUp fails the deployment, saying that all is up', async () => {
    const { commands, ...rest } = doubles()
    commands.end('smoke', 1)
    const { outcome, error } = await deploy(app({ afterUp: [['smoke']] }), { commands, ...rest })
    expect(outcome).toMatchObject({ status: 'failure', step: 'afterUp' })
    expect(error?.hint).toBe('All containers are up: what failed is this command alone')
  })

  test('a failing onFailure is only logged; the reason that it is told is masked and one line', async () => {
    const { commands, ...rest } = doubles()
    commands.end('alarm', 1)
    const { error, lines } = await deploy(app({ onFailure: [['alarm']] }), { commands, ...rest }, () => {
      throw new DeployError('unhealthy', 'web said geheim\nand died')
    })
    expect(error).toMatchObject({ code: 'unhealthy' })
    expect(commands.commands[0]?.environment['FAIRWAY_REASON']).toBe(String.raw`web said ***\nand died`)
    expect(lines.at(-1)).toBe('onFailure failed: hooks.onFailure[0] (alarm) ended with exit code 1')
  })
})

describe('with real programs in a real checkout', () => {
  let ground: Playground
  let readers: { readonly git: ReturnType<typeof simpleGit>; readonly files: ReturnType<typeof nodeFiles> }
  beforeEach(() => {
    ground = playground()
    readers = { git: simpleGit({ environment: ground.environment }), files: nodeFiles() }
  })
  afterEach(() => ground.remove())

  /** A checkout of these files, those that begin with #! as programs. */
  function checkout(files: Files, hooks: Partial<Hooks>, timeouts: Partial<App['timeouts']> = {}): App {
    const origin = ground.origin()
    const programs = Object.entries(files).map(([name, content]) => [
      name,
      typeof content === 'string' && content.startsWith('#!') ? { program: content } : content,
    ])
    origin.commit(Object.fromEntries(programs) as Files)
    ground.clone(origin)
    return defineApp({ name: 'shop', repository: 'acme/shop', path: ground.path('shop'), hooks, timeouts })
  }
  const environment = { ...process.env, GITHUB_WEBHOOK_SECRET: 'geheim', HOME: '/home/ada' }
  const commands = hostCommands({ environment })

  test('runs in the checkout without a shell, its lines in the output as they come', async () => {
    const script = '#!/bin/sh\npwd\necho "$1"\necho "$FAIRWAY_APP $FAIRWAY_SERVICES" >&2\n'
    const app = checkout(
      { 'ops/check': script },
      {
        beforeUp: [
          ['ops/check', '$(id); echo "$HOME"'],
          ['echo', 'second'],
        ],
      },
    )
    const { outcome, output, lines } = await deploy(app, { commands, ...readers })
    expect(outcome.status).toBe('success')
    expect(output.slice(0, 3).toSorted()).toEqual(
      [ground.path('shop'), '$(id); echo "$HOME"', 'shop web'].toSorted(),
    )
    expect(output[3]).toBe('second')
    expect(lines).toEqual([
      'Running hooks.beforeUp[0] (ops/check) of shop',
      'Running hooks.beforeUp[1] (echo) of shop',
    ])
  })

  test('sees the allow-listed environment and the facts, and no secret of Fairway', async () => {
    const app = checkout({ 'compose.yaml': '' }, { beforeUp: [['env']] })
    const { output } = await deploy(app, { commands, ...readers })
    expect(output).toContain('HOME=/home/ada')
    expect(output).toContain('FAIRWAY_DEPLOYMENT=d1')
    const names = output.map((line) => line.split('=')[0] ?? '')
    const known = /^(PATH|HOME|LANG|XDG_RUNTIME_DIR|SSH_|DOCKER_|SSL_CERT_|FAIRWAY_|.*_proxy$|.*_PROXY$)/i
    expect(names.filter((name) => !known.test(name))).toEqual([])
    expect(output.join('\n')).not.toContain('geheim')
  })

  test('one that fails shows its last lines', async () => {
    const app = checkout(
      { check: '#!/bin/sh\nseq 1 30\nprintf "\\033[2Jevil\\n" >&2\nexit 7\n' },
      { beforeUp: [['./check']] },
    )
    const { error } = await deploy(app, { commands, ...readers })
    expect(error?.message).toBe('hooks.beforeUp[0] (./check) ended with exit code 7')
    expect(error?.output).toHaveLength(20)
    expect(error?.output).toContain(String.raw`\x1b[2Jevil`)
  })

  test('one that takes too long is ended, with all that it started', async () => {
    const app = checkout(
      { check: '#!/bin/sh\necho $$\nsleep 1000 & sleep 1000\n' },
      { beforeUp: [['./check']] },
      { up: 700 },
    )
    const { error, output } = await deploy(app, { commands, ...readers })
    expect(error).toMatchObject({
      code: 'timeout',
      message: 'hooks.beforeUp[0] (./check) did not end within 0.7 s and was stopped',
      hint: 'No container was replaced: what was deployed before still runs',
    })
    expect(isGroupAlive({ pid: Number(output[0]) })).toBe(false)
  })

  test('one is ended when the deployment is cancelled, and onFailure does not run', async () => {
    const app = checkout(
      { check: '#!/bin/sh\necho $$\nsleep 1000\n' },
      { beforeUp: [['./check']], onFailure: [['echo', 'alarm']] },
    )
    const stop = new AbortController()
    const watched = {
      run: (...given: Parameters<typeof commands.run>) => {
        const [command, call] = given
        return commands.run(command, {
          ...call,
          output: (line) => {
            call?.output?.(line)
            stop.abort(new Error('enough'))
          },
        })
      },
    }
    const { outcome, output } = await deploy(app, { commands: watched, ...readers }, undefined, stop.signal)
    expect(outcome).toMatchObject({ status: 'cancelled', error: { message: 'enough' } })
    expect(output).toHaveLength(1)
    expect(isGroupAlive({ pid: Number(output[0]) })).toBe(false)
  })

  test.each<[string, readonly string[], RegExp]>([
    [
      'that is not there',
      ['./none'],
      /^hooks\.beforeUp\[0\] \(\.\/none\) cannot be started: there is no such program$/,
    ],
    ['that is in no folder of PATH', ['nosuchprogram'], /there is no such program$/],
    ['whose interpreter is not there', ['./alien'], /there is no such program$/],
    ['that may not be executed', ['./compose.yaml'], /it may not be executed$/],
    ['that is a folder', ['./folder'], /it may not be executed$/],
  ])('a program %s', async (_, command, message) => {
    const files = { 'compose.yaml': 'services: {}\n', 'folder/x': '', alien: '#!/no/such/interpreter\n' }
    const { error } = await deploy(checkout(files, { beforeUp: [command] }), { commands, ...readers })
    expect(error).toMatchObject({ code: 'hook_failed', message: expect.stringMatching(message) as string })
    expect(error?.hint).not.toContain('Docker')
  })

  test('S16: a link of the repository that leads out of the checkout is refused, one of the operator is not', async () => {
    const tracked = checkout(
      { check: { link: '../../../../../../../bin/echo' } },
      { beforeUp: [['./check', 'hello']] },
    )
    const refused = await deploy(tracked, { commands, ...readers })
    expect(refused.error).toMatchObject({
      code: 'path_outside_checkout',
      message: 'Cannot deploy shop: check is a symlink leading outside the checkout',
    })
    expect(refused.output).toEqual([])
    symlinkSync('/bin/echo', ground.path('shop/mine'))
    const own = defineApp({ ...tracked, hooks: { beforeUp: [['./mine', 'hello']] } })
    expect((await deploy(own, { commands, ...readers })).output).toEqual(['hello'])
  })
})
