import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type App, appDefaults, type Environment } from '@fairway/core'
import type { Config, ExplainedConfig } from '@fairway/server'
import type { Accounts, User } from '../users.ts'
import { credentialsOf, passedOn, secretsBeside } from './from-environment.ts'
import { searchPath } from './search-path.ts'
import type { Service } from './service.ts'

export interface DescribeOptions {
  readonly config: Config & { readonly file: string }
  readonly explained: ExplainedConfig
  readonly user: User
  readonly accounts: Accounts
  readonly environment: Environment
  /** Program and arguments that run `fairway`, absolute. */
  readonly fairway: readonly string[]
}

/** What a unit needs to know to run this configuration as this user on this machine. */
export function describeService(options: DescribeOptions): Service {
  const { config, explained, user, accounts, environment, fairway } = options
  const command = [...fairway, '--config', config.file, 'serve']
  const writable = outermost([
    config.server.dataDir,
    ...(config.server.logFile === null ? [] : [dirname(config.server.logFile)]),
    ...config.apps.map(({ path }) => path),
    // The builder keeps notes there, and without them it builds nothing.
    join(user.home, '.docker'),
  ])
  const locks = environment['FAIRWAY_LOCKS'] || '/run/lock'
  const read = [config.file, ...command.filter((word) => word.startsWith('/')), ...socket(environment)]
  const used = [...writable, ...read, locks, user.home].map(realPath)
  const dockerGroup = accounts.groups.find(({ name }) => name === 'docker')?.name
  return {
    file: config.file,
    user: user.name,
    ...(dockerGroup === undefined ? {} : { dockerGroup }),
    command,
    workingDirectory: dirname(config.file),
    writable: [...writable, locks],
    missing: writable.filter((path) => !existsSync(path)),
    variables: { ...searchPath(environment), ...passedOn(explained, environment) },
    credentials: credentialsOf(explained),
    secretsBeside: secretsBeside(explained),
    longest: Math.max(...[appDefaults, ...config.apps].map(longestDeployment)),
    protectHome: used.some((path) => isBelow(path, ['/home', '/root', '/run/user'])) ? 'read-only' : 'yes',
    privateTmp: !used.some((path) => isBelow(path, ['/tmp', '/var/tmp'])),
  }
}

/** Folders without those that lie in another one of them. */
function outermost(paths: readonly string[]): readonly string[] {
  const unique = [...new Set(paths.map((path) => resolve(path)))]
  return unique.filter((path) => !unique.some((other) => other !== path && isBelow(path, [other])))
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`))
}

/** Milliseconds; a pull asks the remote, fetches and moves the tree. */
function longestDeployment({ timeouts, rollout }: Pick<App, 'timeouts' | 'rollout'>): number {
  return 3 * timeouts.git + timeouts.build + timeouts.up + rollout.healthTimeout + rollout.settle
}

function socket({ DOCKER_HOST = '' }: Environment): readonly string[] {
  const [, path] = /^unix:\/\/(\/.+)$/.exec(DOCKER_HOST) ?? []
  return path === undefined ? [] : [path]
}

/** Without symbolic links; a part that isn't there yet is kept as it is. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path)
  const parent = dirname(path)
  return parent === path ? path : join(realPath(parent), basename(path))
}
