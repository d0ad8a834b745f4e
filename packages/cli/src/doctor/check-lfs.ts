import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { type App, type Environment, runCommand } from '@fairway/core'
import { blocks, type Finding, ok } from './finding.ts'

/** Whether a checkout needs git-lfs, and has it; without it pointers would be deployed in the place of files. */
export async function checkLfs(
  { path }: Pick<App, 'path'>,
  check: string,
  { PATH, HOME }: Environment,
): Promise<readonly Finding[]> {
  const { exitCode } = await runCommand({
    command: 'git',
    args: [
      '-c',
      'core.fsmonitor=false',
      'grep',
      '--quiet',
      '--no-textconv',
      '-e',
      'filter=lfs',
      'HEAD',
      '--',
      ':(glob)**/.gitattributes',
    ],
    directory: path,
    environment: { PATH, HOME },
    timeout: 10_000,
  })
  if (exitCode !== 0) return []
  // Asked of the folders: `git lfs` could be an alias of the checkout.
  const folders = (PATH ?? '').split(':').filter((folder) => folder !== '')
  const found = await Promise.all(folders.map((folder) => isProgram(join(folder, 'git-lfs'))))
  return found.includes(true)
    ? [ok(check, 'has files in Git LFS, and git-lfs is there')]
    : [blocks(check, 'has files in Git LFS, and git-lfs is not installed', 'sudo apt-get install git-lfs')]
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
