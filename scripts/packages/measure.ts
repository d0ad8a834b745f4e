import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../lib/run.ts'
import { packageNames, type PackageName, type Tarballs } from './pack.ts'

export interface Measures {
  readonly name: PackageName
  /** Size of the tarball, in kB of 1,000 bytes. */
  readonly packed: number
  /** Packages that come with it, all levels, itself not counted. */
  readonly packages: number
}

/** What may not be passed unnoticed: raise a limit only with a reason. */
export const limits: Readonly<Record<PackageName, Omit<Measures, 'name'>>> = {
  core: { packed: 330, packages: 12 },
  server: { packed: 150, packages: 92 },
  // With core, server and what they stand on in it; with dockerode and what that brings.
  cli: { packed: 600, packages: 70 },
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Size and company of each package, as its users get them. */
export function measure(tarballs: Tarballs): Promise<readonly Measures[]> {
  return Promise.all(
    packageNames.map(async (name) => {
      const { size } = await stat(tarballs[name])
      const list = ['--yes', 'pnpm@12', 'list', '--prod', '--depth', 'Infinity', '--json']
      const listed = JSON.parse(await run('npx', list, { directory: join(root, 'packages', name) })) as [
        Listed,
      ]
      return { name, packed: Math.round(size / 100) / 10, packages: new Set(below(listed[0])).size }
    }),
  )
}

interface Listed {
  readonly version: string
  readonly dependencies?: Readonly<Record<string, Listed>>
}

function below({ dependencies = {} }: Listed): readonly string[] {
  return Object.entries(dependencies).flatMap(([name, listed]) => [
    `${name}@${listed.version}`,
    ...below(listed),
  ])
}
