import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { shellWord, type CommandResult, DeployError } from '@fairway/core'
import type { User } from '../users.ts'
import type { Service } from './service.ts'
import { marker } from './unit.ts'

/** The machine to install on; tests give a folder of their own. */
export interface Machine {
  readonly unitFile: string
  readonly tmpfilesFile: string
  readonly runLock: string
  readonly systemctl: (args: readonly string[]) => Promise<CommandResult>
  readonly tell: (line: string) => void
}

/** Writes the unit and what it needs, and starts it; nothing is written where something is missing. */
export async function install(
  unit: string,
  { service, user, machine }: { service: Service; user: User; machine: Machine },
): Promise<void> {
  const { unitFile, systemctl, tell } = machine
  const before = await readOrNothing(unitFile)
  if (before !== undefined && !before.startsWith(marker)) {
    throw notReady(
      `${unitFile} is there and was written by somebody else`,
      `Move it away: sudo mv ${unitFile} ${unitFile}.old`,
    )
  }
  await assertSecrets(service)
  for (const path of service.missing) {
    await makeFolder(path, user)
    tell(`made ${path} for ${user.name}`)
  }
  await makeLockFolder(service, machine)
  await writeFile(unitFile, unit, { mode: 0o644 })
  tell(before === unit ? `${unitFile} is as it was` : `wrote ${unitFile}`)
  const isRunning = (await systemctl(['is-active', '--quiet', 'fairway'])).exitCode === 0
  for (const args of [['daemon-reload'], ['enable', '--now', 'fairway']]) {
    const { exitCode, lastLines } = await systemctl(args)
    if (exitCode !== 0) {
      throw new DeployError('files_failed', `systemctl ${args.join(' ')} failed with exit code ${exitCode}`, {
        output: lastLines,
        hint: 'See why: journalctl --unit fairway --lines 50',
      })
    }
    tell(`ran systemctl ${args.join(' ')}`)
  }
  if (isRunning && before !== unit)
    tell('It runs as before; once it may stop: sudo systemctl restart fairway')
  tell('Watch it: journalctl --unit fairway --follow')
}

/** systemd refuses to start a service whose secret is not there; better told now. */
async function assertSecrets({ credentials }: Service): Promise<void> {
  for (const { name, file } of credentials) {
    const isThere = await stat(file).then(
      () => true,
      () => false,
    )
    if (!isThere) {
      throw notReady(
        `${file}, which shall hold ${name}, is not there`,
        `Make a new one: fairway secret new | sudo install -D -m 600 /dev/stdin ${shellWord(file)}`,
      )
    }
  }
}

/** Each folder that isn't there becomes the user's; what is there stays whose it is. */
async function makeFolder(path: string, { uid, gid }: User): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  for (let folder = path; folder.length >= first.length; folder = dirname(folder))
    await chown(folder, uid, gid)
}

/** Where /run/lock isn't open to everybody, systemd has to make the folder of the locks at every boot. */
async function makeLockFolder(
  { writable }: Service,
  { runLock, tmpfilesFile, tell }: Machine,
): Promise<void> {
  const isOpen = ((await stat(runLock)).mode & 0o002) !== 0
  if (isOpen || !writable.includes('/run/lock')) return
  const folder = join(runLock, 'fairway')
  await writeFile(tmpfilesFile, `d ${folder} 1777 root root -\n`)
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o1777)
  tell(`wrote ${tmpfilesFile}`)
}

async function readOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function notReady(message: string, hint: string): DeployError {
  return new DeployError('files_failed', `Cannot install: ${message}`, { hint })
}
