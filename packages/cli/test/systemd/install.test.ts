import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { install } from '../../src/systemd/install.ts'
import type { Service } from '../../src/systemd/service.ts'
import { marker } from '../../src/systemd/unit.ts'
import { folder } from '../support.ts'
import { service } from './support.ts'

const { uid, gid, username, homedir } = userInfo()
const user = { name: username, uid, gid, home: homedir }
const unit = `${marker} for a test.\n`

interface Installed {
  readonly directory: string
  readonly calls: readonly string[]
  readonly said: readonly string[]
  readonly error?: unknown
}

async function installed(
  other: Partial<Service>,
  { before, active = false, fails = '' }: { before?: string; active?: boolean; fails?: string } = {},
): Promise<Installed> {
  const directory = await folder(before === undefined ? {} : { 'fairway.service': before })
  const runLock = join(directory, 'lock')
  await mkdir(runLock)
  await chmod(runLock, 0o755)
  const calls: string[] = []
  const said: string[] = []
  const machine = {
    unitFile: join(directory, 'fairway.service'),
    tmpfilesFile: join(directory, 'tmpfiles.conf'),
    runLock,
    tell: (line: string): void => void said.push(line),
    systemctl: async (args: readonly string[]) => {
      calls.push(args.join(' '))
      const failed = args[0] === fails || (args[0] === 'is-active' && !active)
      return { exitCode: failed ? 3 : 0, stdout: '', stderr: '', lastLines: failed ? ['it said no'] : [] }
    },
  }
  const missing = [join(directory, 'data/deep')]
  try {
    await install(unit, { service: service({ missing, ...other }), user, machine })
    return { directory, calls, said }
  } catch (error) {
    return { directory, calls, said, error }
  }
}

test('writes the unit, makes the folders and starts the service, saying so', async () => {
  const { directory, calls, said } = await installed({})
  expect(await readFile(join(directory, 'fairway.service'), 'utf8')).toBe(unit)
  expect((await stat(join(directory, 'data/deep'))).uid).toBe(uid)
  expect(calls).toEqual(['is-active --quiet fairway', 'daemon-reload', 'enable --now fairway'])
  expect(said).toEqual([
    `made ${directory}/data/deep for ${username}`,
    `wrote ${directory}/tmpfiles.conf`,
    `wrote ${directory}/fairway.service`,
    'ran systemctl daemon-reload',
    'ran systemctl enable --now fairway',
    'Watch it: journalctl --unit fairway --follow',
  ])
})

test('where /run/lock is not open to everybody, the folder of the locks is made at every boot', async () => {
  const { directory } = await installed({})
  expect(await readFile(join(directory, 'tmpfiles.conf'), 'utf8')).toBe(
    `d ${directory}/lock/fairway 1777 root root -\n`,
  )
  expect((await stat(join(directory, 'lock/fairway'))).mode & 0o7777).toBe(0o1777)
})

test('a unit that somebody else wrote is left alone', async () => {
  const { directory, calls, error } = await installed({}, { before: '[Unit]\n' })
  expect(error).toMatchObject({ message: expect.stringContaining('was written by somebody else') as string })
  expect(await readFile(join(directory, 'fairway.service'), 'utf8')).toBe('[Unit]\n')
  expect(calls).toEqual([])
})

test('without the file of a secret nothing is written', async () => {
  const credentials = [{ name: 'GITHUB_WEBHOOK_SECRET', file: '/nonexistent/webhook-secret' }]
  const { directory, calls, error } = await installed({ credentials })
  expect(error).toMatchObject({
    message: expect.stringContaining('/nonexistent/webhook-secret') as string,
    hint: expect.stringContaining('fairway secret new | sudo install') as string,
  })
  await expect(stat(join(directory, 'fairway.service'))).rejects.toThrow('ENOENT')
  await expect(stat(join(directory, 'data'))).rejects.toThrow('ENOENT')
  expect(calls).toEqual([])
})

test('one that runs is not interrupted, but told of', async () => {
  const { said, calls } = await installed({}, { before: `${marker} for another.\n`, active: true })
  expect(said.join('\n')).toContain('once it may stop: sudo systemctl restart fairway')
  expect(calls.join()).not.toContain('restart')
})

test('a systemctl that fails is told with its words', async () => {
  const { error } = await installed({}, { fails: 'enable' })
  expect(error).toMatchObject({
    message: 'systemctl enable --now fairway failed with exit code 3',
    output: ['it said no'],
  })
})
