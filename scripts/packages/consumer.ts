import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Tree } from '../lib/origin.ts'
import { run } from '../lib/run.ts'
import type { PackageName, Tarballs } from './pack.ts'

export interface ConsumerOptions {
  readonly tarballs: Tarballs
  /** What it depends on, beside what those need of each other. */
  readonly uses: readonly PackageName[]
  readonly files?: Tree
  /** Packages from the registry. */
  readonly others?: Readonly<Record<string, string>>
  readonly manager?: 'npm' | 'pnpm'
}

/** A project of somebody else, outside the workspace, into which the packed packages are installed. */
export async function makeConsumer(
  folder: string,
  { tarballs, uses, files = {}, others = {}, manager = 'npm' }: ConsumerOptions,
): Promise<void> {
  const at = (name: PackageName): string => pathToFileURL(tarballs[name]).href
  const all = Object.fromEntries(
    (['core', 'server', 'cli'] as const).map((name) => [`@fairway/${name}`, at(name)]),
  )
  const own = Object.fromEntries(uses.map((name) => [`@fairway/${name}`, at(name)]))
  const manifest = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: { ...own, ...others },
    // Nothing is published yet: what the packages need of each other comes from the tarballs, too.
    ...(manager === 'npm' ? { overrides: without(all, own) } : {}),
  }
  const workspace = `overrides:\n${Object.entries(all)
    .map(([name, tarball]) => `  '${name}': '${tarball}'\n`)
    .join('')}`
  const needsScripts = uses.some((name) => name !== 'core')
  const everything: Tree = {
    ...files,
    'package.json': JSON.stringify(manifest, undefined, 2),
    ...(manager === 'pnpm' ? { 'pnpm-workspace.yaml': workspace + (needsScripts ? allowBuilds : '') } : {}),
  }
  for (const [file, text] of Object.entries(everything)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
  const [command, args] = managers[manager]
  await run(command, args, { directory: folder })
}

/** The three lines that the README of the server and the command give to users of pnpm. */
export const allowBuilds = 'allowBuilds:\n  cpu-features: false\n  protobufjs: false\n  ssh2: false\n'

const managers = {
  npm: ['npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts=false']],
  pnpm: ['npx', ['--yes', 'pnpm@12', 'install', '--prefer-offline']],
} as const satisfies Record<string, readonly [string, readonly string[]]>

function without(all: Readonly<Record<string, string>>, own: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(own, name)))
}
