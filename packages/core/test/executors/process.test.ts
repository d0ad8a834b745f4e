import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DeployError } from '../../src/errors.ts'
import { gitEnvironment } from '../../src/executors/environment.ts'
import { identify, isAlive, isGroupAlive, type ProcessId } from '../../src/executors/process-group.ts'
import { type Command, type CommandResult, runCommand } from '../../src/executors/process.ts'
import { type Call, trackChildren } from '../../src/run.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fairway-process-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const { PATH = '' } = process.env

/** Runs a shell script as a program; `$1` is the test's own folder. */
function script(text: string, options: Partial<Command> = {}, call?: Call): Promise<CommandResult> {
  const file = join(directory, 'script')
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  return runCommand({ command: file, args: [directory], environment: { PATH }, ...options }, call)
}

/** The pid that a script wrote down, as soon as it did. */
async function written(name: string): Promise<ProcessId> {
  for (;;) {
    try {
      const pid = Number(readFileSync(join(directory, name), 'utf8'))
      if (pid > 0) return identify(pid)
    } catch {
      // Not there yet.
    }
    await delay(10)
  }
}

/** A grandchild that ignores SIGTERM, keeps stdout open and writes its pid into `stubborn`. */
const stubborn = `(trap '' TERM; echo here; sh -c 'echo $PPID' > "$1/stubborn.new"; mv "$1/stubborn.new" "$1/stubborn"; while :; do sleep 1; done) &`

describe('the result', () => {
  test('has exit code, both streams and the last lines as they came', async () => {
    const result = await script('echo one; sleep 0.1; echo two >&2; sleep 0.1; printf three; exit 7')
    expect(result).toEqual({
      exitCode: 7,
      stdout: 'one\nthree',
      stderr: 'two\n',
      lastLines: ['one', 'two', 'three'],
    })
  })

  test('keeps forty lines, each of at most 4,000 characters', async () => {
    const { lastLines } = await script('seq 1 99; head -c 9000 /dev/zero | tr "\\0" x')
    expect(lastLines).toHaveLength(40)
    expect(lastLines[0]).toBe('61')
    expect(lastLines.at(-1)).toBe('x'.repeat(4_000))
  })

  test('keeps the end of a long stderr', async () => {
    const { stderr } = await script('seq 1 20000 >&2')
    expect(stderr.length).toBe(64 * 1024)
    expect(stderr.endsWith('19999\n20000\n')).toBe(true)
  })

  test.for([
    ['KILL', 137],
    ['TERM', 143],
  ] as const)('counts SIG%s as 128 and the number of the signal', async ([signal, exitCode]) => {
    expect(await script(`kill -${signal} $$`)).toMatchObject({ exitCode })
  })

  test.for([
    [undefined, []],
    ['stderr', ['two']],
    ['both', ['one', 'two']],
  ] as const)('gives live output of: %s', async ([live, lines]) => {
    const seen: string[] = []
    const output = (line: string): void => void seen.push(line)
    await script('echo one; sleep 0.1; echo two >&2', live === undefined ? {} : { live }, { output })
    expect(seen).toEqual(lines)
  })
})

describe('starting', () => {
  test('gives the program its input', async () => {
    expect(await runCommand({ command: 'cat', args: [], environment: { PATH }, input: 'ä\n' })).toMatchObject(
      {
        stdout: 'ä\n',
      },
    )
  })

  test('does not mind a program that never reads its input', async () => {
    expect(await script('exit 3', { input: 'x'.repeat(1_000_000) })).toMatchObject({ exitCode: 3 })
  })

  test('gives an empty standard input where there is none, rather than the terminal', async () => {
    expect(await script('cat')).toMatchObject({ exitCode: 0, stdout: '' })
  })

  test('passes on nothing of the environment but what it is given', async () => {
    const environment = gitEnvironment({
      PATH,
      GITHUB_WEBHOOK_SECRET: 'hush',
      GIT_DIR: '/x',
      HOME: '/home/ada',
    })
    const { stdout } = await runCommand({ command: 'env', args: [], environment })
    expect(stdout.split('\n').filter(Boolean).toSorted()).toEqual([
      'GIT_TERMINAL_PROMPT=0',
      'HOME=/home/ada',
      'LC_ALL=C.UTF-8',
      `PATH=${PATH}`,
    ])
  })

  test('takes arguments as they are: no shell', async () => {
    const args = ['%s|', '$(id)', '; id', '*', '', 'a b', '\n']
    const { stdout } = await runCommand({ command: 'printf', args, environment: { PATH } })
    expect(stdout).toBe('$(id)|; id|*||a b|\n|')
  })

  test.for([
    ['git', 'git_unavailable'],
    ['docker', 'docker_unavailable'],
  ])('says that %s is missing', async ([command = '', code]) => {
    const running = runCommand({ command, args: [], environment: { PATH: directory } })
    await expect(running).rejects.toMatchObject({
      code,
      message: `Cannot start ${command}: it is not installed or not in PATH`,
      hint: `Install ${command}, or start Fairway with a PATH that has it`,
    })
  })

  test('tells a missing directory from a missing program', async () => {
    const gone = join(directory, 'gone')
    await expect(script('', { directory: gone })).rejects.toMatchObject({
      code: 'checkout_missing',
      message: `Cannot run ${join(directory, 'script')} in ${gone}: no such directory`,
    })
  })

  test('starts nothing for a run that is cancelled already', async () => {
    const signal = AbortSignal.abort(new DeployError('cancelled', 'by ada'))
    const children = trackChildren()
    const seen: (readonly number[])[] = []
    children.watch((groups) => seen.push(groups))
    await expect(script('echo > "$1/ran"', {}, { signal, children })).rejects.toThrow('by ada')
    expect(seen).toEqual([[]])
  })
})

describe('ending', () => {
  test('at the deadline ends the whole group, a grandchild that ignores SIGTERM too', async () => {
    const began = performance.now()
    const running = script(`${stubborn} wait`, { timeout: 500, grace: 200 })
    const grandchild = await written('stubborn')
    await expect(running).rejects.toMatchObject({
      code: 'timeout',
      message: `${join(directory, 'script')} ${directory} did not end within 0.5 s and was stopped`,
    })
    expect(isAlive(grandchild)).toBe(false)
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  test('S18: kills what takes too much memory, a grandchild that ignores SIGTERM too', async () => {
    const hungry = `awk 'BEGIN { while (1) a[i++] = "a line to keep " i }'`
    const running = script(`${stubborn} trap '' TERM; ${hungry}`, {
      maxMemory: 100 * 1024 ** 2,
      timeout: 60_000,
      grace: 60_000,
    })
    const grandchild = await written('stubborn')
    await expect(running).rejects.toMatchObject({
      code: 'timeout',
      message: `${join(directory, 'script')} ${directory} took more than 100 MiB of memory and was stopped`,
    })
    expect(isGroupAlive({ pid: grandchild.pid })).toBe(false)
    expect(isAlive(grandchild)).toBe(false)
  })

  test('S18: leaves what takes little memory alone', async () => {
    expect(await script('sleep 1; echo done', { maxMemory: 100 * 1024 ** 2 })).toMatchObject({
      stdout: 'done\n',
    })
  })

  test('lets a program end by itself within its grace', async () => {
    const running = script('trap "echo > \\"$1/tidy\\"; exit" TERM; while :; do sleep 0.05; done', {
      timeout: 200,
    })
    await expect(running).rejects.toMatchObject({ code: 'timeout' })
    expect(readFileSync(join(directory, 'tidy'), 'utf8')).toBe('\n')
  })

  test('when cancelled rejects with the reason of the signal, and nothing survives', async () => {
    const controller = new AbortController()
    const running = script(`${stubborn} wait`, { grace: 100 }, { signal: controller.signal })
    const grandchild = await written('stubborn')
    const reason = new DeployError('cancelled', 'Superseded by a newer push')
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
    expect(isAlive(grandchild)).toBe(false)
  })

  test('makes an error of a reason that is none', async () => {
    const controller = new AbortController()
    const running = script('sleep 60', {}, { signal: controller.signal })
    controller.abort('stopped by ada')
    await expect(running).rejects.toMatchObject({ code: 'cancelled', message: 'stopped by ada' })
  })

  test('does not wait for ever for a grandchild that holds stdout after a normal exit', async () => {
    const began = performance.now()
    const result = await script(`${stubborn} while [ ! -e "$1/stubborn" ]; do sleep 0.01; done; exit 5`)
    expect(result).toMatchObject({ exitCode: 5, stdout: 'here\n' })
    expect(isAlive(await written('stubborn'))).toBe(false)
    expect(performance.now() - began).toBeLessThan(8_000)
  })

  test('lets a daemon with no hold on the streams go on', async () => {
    const { exitCode } = await script('sleep 60 > /dev/null 2>&1 & echo $! > "$1/daemon"')
    expect(exitCode).toBe(0)
    const daemon = await written('daemon')
    expect(isAlive(daemon)).toBe(true)
    process.kill(daemon.pid, 'SIGKILL')
  })
})

describe('bookkeeping', () => {
  test('tells of the process group while it runs', async () => {
    const children = trackChildren()
    const seen: (readonly number[])[] = []
    children.watch((groups) => seen.push(groups))
    const { stdout } = await script('echo $$', {}, { children })
    const group = Number(stdout)
    expect(seen).toEqual([[], [group], []])
    expect(isGroupAlive({ pid: group })).toBe(false)
  })

  test('forgets the group after a deadline too, once it is gone', async () => {
    const children = trackChildren()
    const alive: boolean[] = []
    let last: readonly number[] = []
    children.watch((groups) => {
      if (groups.length === 0) alive.push(...last.map((pid) => isGroupAlive({ pid })))
      last = groups
    })
    await expect(script(`${stubborn} wait`, { timeout: 300, grace: 50 }, { children })).rejects.toThrow(
      '0.3 s',
    )
    expect(alive).toEqual([false])
  })

  test('counts nothing where nothing was started', async () => {
    const children = trackChildren()
    const seen: (readonly number[])[] = []
    children.watch((groups) => seen.push(groups))
    const running = runCommand({ command: 'missing', args: [], environment: { PATH } }, { children })
    await expect(running).rejects.toMatchObject({ code: 'docker_unavailable' })
    expect(seen).toEqual([[]])
  })
})
