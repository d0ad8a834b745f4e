import { mkdir, readdir, realpath } from 'node:fs/promises'
import { DeployError } from '../errors.ts'
import type { Call } from '../run.ts'
import type { Environment } from './environment.ts'
import type { Git, Head } from './git.ts'
import { gitRunner } from './git/command.ts'
import { commitOf, gitReader, isListed, type ReadGit } from './git/reads.ts'
import { gitRecords } from './git/records.ts'
import { gitRemote } from './git/remote.ts'
import { gitTree } from './git/tree.ts'
import { assertSafeUrl } from './git/url.ts'

/** The real git. Commands see only an allow-listed part of `environment`; hooks and fsmonitor never run. */
export function simpleGit({ environment = process.env }: { readonly environment?: Environment } = {}): Git {
  const read = gitReader(environment)
  const run = gitRunner(environment)
  return {
    ...gitRemote(run, read),
    ...gitTree(run, read),
    ...gitRecords(run, read),

    async version(call) {
      const { stdout } = await run(
        { path: '/', args: ['--version'], doing: 'Cannot ask git for its version' },
        call,
      )
      return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? stdout.trim()
    },

    head: (path, call) => readHead(path, read, call),

    async create({ path, url }, call) {
      assertSafeUrl(url)
      await mkdir(path, { recursive: true })
      if ((await readdir(path)).length > 0) {
        throw new DeployError(
          'checkout_invalid',
          `Cannot clone into ${path}: it is not empty and not a git checkout`,
          {
            hint: 'Move its files away, or set `path` of the app to another folder',
          },
        )
      }
      const doing = `Cannot make a checkout in ${path}`
      await run({ path, args: ['init', '--quiet'], doing }, call)
      await run({ path, args: ['remote', 'add', '--', 'origin', url], doing }, call)
    },

    async changedFiles(path, from, to, call) {
      if ((await commitOf(read, path, from, call)) === undefined) return undefined
      const options = [
        '--name-only',
        '--no-renames',
        '--no-ext-diff',
        '--no-textconv',
        '--ignore-submodules=none',
        '-z',
      ]
      const listed = await read(path, ['diff', ...options, from, to, '--'], call)
      return listed.split('\0').filter((file) => file !== '')
    },

    isTracked: (path, file, call) => isListed(path, file, read, call),
  }
}

async function readHead(path: string, read: ReadGit, call?: Call): Promise<Head | undefined> {
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined) return undefined
  const top = await topLevel(path, read, call)
  if (top === undefined) return undefined
  // Inside another checkout git would climb up and move that one.
  if ((await realpath(top)) !== real) return undefined
  const commit = await commitOf(read, path, 'HEAD', call)
  const branch = (await read(path, ['symbolic-ref', '--quiet', '--short', 'HEAD'], call)).trim()
  return { ...(commit === undefined ? {} : { commit }), ...(branch === '' ? {} : { branch }) }
}

async function topLevel(path: string, read: ReadGit, call?: Call): Promise<string | undefined> {
  try {
    return (await read(path, ['rev-parse', '--show-toplevel'], call)).replace(/\n$/, '')
  } catch (error) {
    if (error instanceof DeployError && /not a git repository|work tree/.test(error.message)) return undefined
    throw error
  }
}
