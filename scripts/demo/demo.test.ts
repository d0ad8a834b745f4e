import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CommandResult, runCommand } from '@fairway/core'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

/** Runs the demo; presses Ctrl-C at the first line that matches. */
async function demo(interruptAt?: RegExp): Promise<CommandResult> {
  let pid = 0
  let pressed = false
  return runCommand(
    {
      command: process.execPath,
      args: ['--conditions=@fairway/source', main],
      environment: { ...process.env, NO_COLOR: '1' },
      live: 'both',
    },
    {
      children: { started: (started) => (pid = started), ended: () => {}, watch: () => () => {} },
      output(line) {
        if (pressed || interruptAt?.test(line) !== true) return
        pressed = true
        process.kill(pid, 'SIGINT')
      },
    },
  )
}

/** What a demo with this output left behind; another demo on this machine doesn't count. */
async function leftovers({ stdout }: CommandResult): Promise<readonly string[]> {
  const [, project = '', folder = ''] = /project (fairwaydemo\w+), folder (\S+)\)/.exec(stdout) ?? []
  expect(existsSync(dirname(folder))).toBe(true)
  const list = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { PATH = '', HOME = '' } = process.env
    const { stdout: listed } = await runCommand({ command: 'docker', args, environment: { PATH, HOME } })
    return listed.split('\n').filter((name) => name.startsWith(project))
  }
  return [
    ...(await list('ps', '--all', '--format', '{{.Names}}')),
    ...(await list('images', '--format', '{{.Repository}}')),
    ...(await list('network', 'ls', '--format', '{{.Name}}')),
    ...[folder].filter((path) => existsSync(path)),
  ]
}

test(
  'the demo deploys two pushes, rebuilds only what changed, and leaves nothing',
  { timeout: 120_000 },
  async () => {
    const ended = await demo()
    const { exitCode, stdout } = ended
    expect(exitCode).toBe(0)
    expect(stdout).toContain('200 <h1>Hello from the first push</h1>')
    expect(stdout).toContain('200 <h1>Hello from the second push</h1>')
    expect(stdout).toContain('api: untouched, the same container still runs')
    expect(stdout).toContain('web: built and replaced')
    expect(stdout).toMatch(/Done: http:\/\/127\.0\.0\.1:\d+\//)
    expect(await leftovers(ended)).toEqual([])
  },
)

test.each([/Changes detected/, /api is healthy/])(
  'Ctrl-C at %s leaves nothing either',
  { timeout: 120_000 },
  async (moment) => {
    const ended = await demo(moment)
    expect(ended.exitCode).toBe(130)
    expect(await leftovers(ended)).toEqual([])
  },
)
