import type { Dirent } from 'node:fs'
import { mkdir, mkdtemp, readdir, realpath, rm, rmdir, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DeployError } from '../errors.ts'
import type { Folders } from './folders.ts'

/** Folders below `parent`, by default where this machine keeps what is temporary. */
export function temporaryFolders({ parent = tmpdir() }: { readonly parent?: string } = {}): Folders {
  return {
    create: () =>
      orFail(`Cannot make a folder in ${parent}`, async () =>
        mkdtemp(join(await realpath(parent), 'fairway-plan-')),
      ),
    linkBeside: (checkout, folder, tracked) =>
      orFail(`Cannot link files of ${checkout} into ${folder}`, () => linkBeside(checkout, folder, tracked)),
    remove: (folder) => orFail(`Cannot remove ${folder}`, () => rm(folder, { recursive: true, force: true })),
  }
}

async function linkBeside(
  checkout: string,
  folder: string,
  tracked: readonly string[],
): Promise<ReadonlySet<string>> {
  const files = new Set(tracked)
  const folders = new Set(tracked.flatMap(parents))
  const linked = new Set<string>()
  const walk = async (inside: string): Promise<void> => {
    for (const entry of await readdir(join(checkout, inside), { withFileTypes: true })) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`
      if (path === '.git' || files.has(path)) continue
      if (entry.isDirectory() && folders.has(path)) await walk(path)
      else if (await link(entry, join(checkout, path), join(folder, path))) linked.add(path)
    }
  }
  await walk('')
  return linked
}

function parents(file: string): readonly string[] {
  const parts = file.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** False where the commit has something in its place. */
async function link(entry: Dirent, from: string, to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true })
  // A submodule is an empty folder there.
  if (entry.isDirectory()) await rmdir(to).catch(() => {})
  try {
    await symlink(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

async function orFail<T>(doing: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException
    throw new DeployError('files_failed', `${doing}: ${code}`, {
      hint: 'Look at that path as the user that runs Fairway, and whether its disk is full',
      cause,
    })
  }
}
