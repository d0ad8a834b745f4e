import { join } from 'node:path'
import { readServices } from '../../src/decisions/read-services.ts'
import { defineApp } from '../../src/domain/app.ts'
import type { BuildKey } from '../../src/domain/build-key.ts'
import type { Git } from '../../src/executors/git.ts'
import { nodeFiles } from '../../src/executors/node-files.ts'
import { simpleGit } from '../../src/executors/simple-git.ts'
import { buildKeys } from '../../src/project/build-keys.ts'
import { type Files, playground, writeFiles } from './repository.ts'

/** Service sections by name, as Compose prints them; a context is relative to the checkout. */
export type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** A checkout of a repository, and the keys of what is built in it. */
export interface KeysUnderTest {
  readonly path: string
  readonly git: Git
  /** Adds a commit to main and checks it out. */
  commit(files: Files): string
  write(files: Files): void
  run(...args: readonly string[]): string
  keys(
    sections: Sections,
    options?: { readonly edits?: boolean; readonly commit?: string },
  ): Promise<ReadonlyMap<string, BuildKey>>
  /** The key of the one service that is built from `.` unless its build says otherwise. */
  key(build?: Readonly<Record<string, unknown>>): Promise<string>
  remove(): void
}

export function keysUnderTest(): KeysUnderTest {
  const play = playground()
  const path = play.path('shop')
  play.git(play.directory, 'init', '--quiet', 'shop')
  const git = simpleGit({ environment: play.environment })
  const app = defineApp({ name: 'shop', repository: 'acme/shop', path })
  const absolute = (value: unknown): unknown =>
    typeof value === 'string' && /^(?:\.|\.?\/)/.test(value) ? join(path, value) : value
  const resolve = (build: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
    ...build,
    context: absolute(build['context'] ?? '.'),
    ...('additional_contexts' in build
      ? {
          additional_contexts: Object.fromEntries(
            Object.entries(build['additional_contexts'] ?? {}).map(([name, value]) => [
              name,
              absolute(value),
            ]),
          ),
        }
      : {}),
  })
  const run = (...args: readonly string[]): string => play.git(path, ...args)
  const keys: KeysUnderTest['keys'] = (
    sections,
    { edits = true, commit = run('rev-parse', 'HEAD') } = {},
  ) => {
    const services = Object.fromEntries(
      Object.entries(sections).map(([name, { build, ...section }]) => [
        name,
        build === undefined
          ? section
          : { ...section, build: resolve(build as Readonly<Record<string, unknown>>) },
      ]),
    )
    const config = {
      services,
      secrets: { token: { file: join(path, 'token') }, variable: { environment: 'TOKEN' } },
    }
    const options = {
      app,
      project: 'shop',
      commit,
      services: readServices(JSON.stringify(config)),
      root: path,
      edits,
    }
    return buildKeys(options, { git, files: nodeFiles() })
  }
  return {
    path,
    git,
    run,
    keys,
    commit(files) {
      writeFiles(path, files)
      run('add', '--all')
      run('commit', '--quiet', '--allow-empty', '--message', 'change')
      return run('rev-parse', 'HEAD')
    },
    write: (files) => writeFiles(path, files),
    async key(build = {}) {
      const found = (await keys({ web: { build } })).get('web')
      return found && 'key' in found ? found.key : `unknown: ${found?.unknown ?? 'no build'}`
    },
    remove: () => play.remove(),
  }
}
