import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CommandResult, runCommand } from '@fairway/core'
import { afterEach, beforeEach, expect, test } from 'vitest'

const tools = ['git-lfs', 'ssh', 'sshd', 'caddy', 'nginx', 'chromium', 'systemd-analyze', 'openssl', 'curl']
const packages = 'git-lfs openssh-client openssh-server caddy nginx chromium systemd openssl curl'
const missing = `ensure-tools: missing: ${tools.join(' ')}\n`
const aptLine = `ensure-tools: Fairway's tests need them. On Debian: sudo apt-get install --no-install-recommends ${packages}\n`
const install = 'apt-get install -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300'

/** What the scripts use; every other program is missing on the machine that these tests make. */
const used = 'bash cat chmod dirname env flock grep mkdir mktemp rm sed sleep tail unshare'.split(' ')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-tools-'))
  for (const part of ['bin', 'sbin', 'run', 'tmp', 'lib']) await mkdir(join(folder, part))
  for (const command of used) await symlink(`/usr/bin/${command}`, join(folder, 'bin', command))
  for (const file of ['ensure-tools', 'lib/ensure.bash'])
    await cp(fileURLToPath(new URL(file, import.meta.url)), join(folder, file))
  await writeFile(join(folder, 'os-release'), 'ID=debian\n')
  await writeFile(join(folder, 'calls'), '')
  await program('enter', enter)
  await program('bin/apt-get', aptGet)
  await program('bin/systemctl', 'echo "systemctl $*" >>$FOLDER/calls')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A machine of its own: parts of the folder lie over the system's, and nothing but the folder is in PATH. */
const enter = `
mount --bind $FOLDER/sbin /usr/sbin
mount --bind $FOLDER/run /var/run
mount --bind $FOLDER/tmp /var/tmp
mount --bind $FOLDER/os-release /etc/os-release
PATH=$FOLDER/bin exec "$@"`

/** Writes down how it is called; \`install\` makes the programs, unless the test says how it fails. */
const aptGet = `
echo "apt-get $*" >>$FOLDER/calls
[[ $1 == install ]] || exit 0
[[ "$*" != *--simulate* ]] || exit \${SIMULATED:-0}
tail -n 1 /usr/sbin/policy-rc.d >>$FOLDER/calls
sleep \${TAKES:-0}
echo 'E: Unable to fetch some archives'
[[ ! \${FAILS-} ]] || exit 100
for tool in ${tools.join(' ')}; do : >>$FOLDER/bin/$tool && chmod 755 $FOLDER/bin/$tool; done`

async function program(name: string, text: string): Promise<void> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/bash\nset -e\n${text}\n`)
  await chmod(path, 0o755)
}

async function have(...names: readonly string[]): Promise<void> {
  for (const name of names) await program(`bin/${name}`, '')
}

/** Runs the script there as its root, or as somebody else. */
async function ensureTools(
  args: readonly string[] = [],
  { root = true, ...environment }: { readonly root?: boolean; readonly [name: string]: unknown } = {},
): Promise<Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr'>> {
  const somebody = root ? [] : ['unshare', '--user']
  const command = [join(folder, 'enter'), ...somebody, join(folder, 'ensure-tools'), ...args]
  const variables = { PATH: '/usr/bin:/bin', FOLDER: folder, ...(environment as Record<string, string>) }
  const { exitCode, stdout, stderr } = await runCommand({
    command: 'unshare',
    args: ['--user', '--map-root-user', '--mount', ...command],
    environment: variables,
  })
  return { exitCode, stdout, stderr }
}

async function calls(): Promise<readonly string[]> {
  return (await readFile(join(folder, 'calls'), 'utf8')).split('\n').filter(Boolean)
}

test('all there: done at once, without a word', async () => {
  await have(...tools)
  for (const args of [[], ['--check']])
    expect(await ensureTools(args)).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  expect(await calls()).toEqual([])
})

test.each([
  ['--check, which only looks', ['--check'], {}, 'ID=debian'],
  ['somebody who is not root', [], { root: false }, 'ID=debian'],
  ['root elsewhere than on Debian', [], {}, 'ID=fedora'],
])('something missing, %s: exit 3 with what to install, and nothing is done', async (_, args, as, system) => {
  await writeFile(join(folder, 'os-release'), `${system}\n`)
  expect(await ensureTools(args, as)).toEqual({ exitCode: 3, stdout: '', stderr: missing + aptLine })
  expect(await calls()).toEqual([])
})

test('root on Debian: installs the packages, starts no service now or later, leaves nothing', async () => {
  const { exitCode, stderr } = await ensureTools()
  expect(stderr).toContain(`${missing.trim()}; installing from Debian's packages`)
  expect(stderr).toMatch(/ensure-tools: ready\n$/)
  expect(exitCode).toBe(0)
  const done = [
    'apt-get update',
    `${install} --simulate ${packages}`,
    `${install} ${packages}`,
    'exit 101',
    'systemctl disable ssh',
    'systemctl disable caddy',
    'systemctl disable nginx',
  ]
  expect(await calls()).toEqual(done)
  expect(await readdir(join(folder, 'sbin'))).toEqual([])
  expect(await readdir(join(folder, 'tmp'))).toEqual([])
  expect(await ensureTools()).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  expect(await calls()).toEqual(done)
})

test('what was there before keeps its services, and a policy its words', async () => {
  await have(...tools.filter((tool) => tool !== 'caddy'))
  await program('sbin/policy-rc.d', 'exit 104')
  expect((await ensureTools()).exitCode).toBe(0)
  expect((await calls()).slice(2)).toEqual([`${install} caddy`, 'exit 104', 'systemctl disable caddy'])
  expect(await readdir(join(folder, 'sbin'))).toEqual(['policy-rc.d'])
})

test('a system that lacks one of the packages: exit 3 with what to install', async () => {
  const { exitCode, stderr } = await ensureTools([], { SIMULATED: '100' })
  expect(stderr).toContain(missing + aptLine)
  expect(exitCode).toBe(3)
  expect(await readdir(join(folder, 'sbin'))).toEqual([])
})

test('an installation that fails: exit 1 with the last lines of its log', async () => {
  const { exitCode, stderr } = await ensureTools([], { FAILS: 'yes' })
  expect(stderr).toContain('ensure-tools: error: failed: apt_install git-lfs')
  expect(stderr).toMatch(/ensure-tools: {3}E: Unable to fetch some archives\n$/)
  expect(exitCode).toBe(1)
  expect(await readdir(join(folder, 'sbin'))).toEqual([])
})

test('two at once: one waits, and has nothing left to install', async () => {
  const both = await Promise.all([ensureTools([], { TAKES: '1' }), ensureTools([], { TAKES: '1' })])
  expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0])
  expect(both.map(({ stderr }) => stderr).join('')).toContain('waiting for another installation by Fairway')
  expect((await calls()).filter((call) => call.startsWith('apt-get'))).toHaveLength(3)
})

test('wrong usage: exit 2; --help tells what the script is', async () => {
  expect(await ensureTools(['--chek'])).toMatchObject({
    exitCode: 2,
    stderr: 'ensure-tools: unknown argument --chek; see --help\n',
  })
  const { exitCode, stdout } = await ensureTools(['--help'])
  expect(stdout).toMatch(/^ensure-tools: makes available what Fairway's tests need/)
  expect(stdout).not.toContain('lib/ensure.bash')
  expect(exitCode).toBe(0)
})
