import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../lib/run.ts'

/** The published packages, those they stand on first. */
export const packageNames = ['core', 'server', 'cli'] as const
export type PackageName = (typeof packageNames)[number]

/** Tarballs as the registry would get them, by package. */
export type Tarballs = Readonly<Record<PackageName, string>>

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds the packages and packs them into `folder`. By pnpm: npm would keep `workspace:` and the exports of the sources. */
export async function packAll(folder: string): Promise<Tarballs> {
  await mkdir(folder, { recursive: true })
  // What an earlier build left of files that are gone would be packed, too.
  for (const name of packageNames)
    await rm(join(root, 'packages', name, 'dist'), { recursive: true, force: true })
  await run(join(root, 'node_modules/.bin/tsc'), ['-b', 'packages/core', 'packages/server', 'packages/cli'], {
    directory: root,
  })
  await run(process.execPath, ['--conditions=@fairway/source', join(root, 'scripts/bundle/main.ts')])
  for (const name of packageNames) {
    const directory = join(root, 'packages', name)
    await run('npx', ['--yes', 'pnpm@12', 'pack', '--pack-destination', folder], { directory })
  }
  const packed = await readdir(folder)
  const find = (name: PackageName): string => {
    const file = packed.find((tarball) => tarball.startsWith(`fairway-${name}-`))
    if (file === undefined) throw new Error(`pnpm pack left no tarball of ${name} in ${folder}`)
    return join(folder, file)
  }
  return { core: find('core'), server: find('server'), cli: find('cli') }
}
