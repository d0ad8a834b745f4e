import { mkdir, readdir } from 'node:fs/promises'
import { DeployError } from '../errors.ts'
import type { Call } from '../run.ts'
import { type Environment, gitEnvironment } from './environment.ts'
import type { Checkout, Git } from './git.ts'
import { gitAdvance } from './git/advance.ts'
import { changedFiles } from './git/changed-files.ts'
import { gitRunner } from './git/command.ts'
import { gitContents } from './git/contents.ts'
import { describeCommit } from './git/describe.ts'
import { onDisk } from './git/disk.ts'
import { exportTo } from './git/export.ts'
import { findProgram } from './git/find-program.ts'
import { readHead } from './git/head.ts'
import { mendingRefs } from './git/mend-refs.ts'
import { gitMessages } from './git/messages.ts'
import { ownTexts } from './git/own-texts.ts'
import { gitPrepare } from './git/prepare.ts'
import { readFileAt } from './git/read-file.ts'
import { gitReader, isListed } from './git/reads.ts'
import { gitRecords } from './git/records.ts'
import { gitReleases } from './git/releases.ts'
import { gitRemote } from './git/remote.ts'
import { removingTemporaries } from './git/temporaries.ts'
import { gitTree } from './git/tree.ts'
import { listFiles } from './git/tree-files.ts'
import { assertSafeUrl } from './git/url.ts'

/** The real git. Commands see only an allow-listed part of `environment`; hooks, fsmonitor and filters but git-lfs's own never run. */
export function simpleGit({ environment = process.env }: { readonly environment?: Environment } = {}): Git {
  const read = gitReader(environment)
  const run = gitRunner(environment)
  const hasLfs = (): Promise<boolean> => findProgram('git-lfs', environment)
  const remote = gitRemote(run, read)
  const texts = ownTexts(run, read)
  const fetching = <T>(checkout: Checkout, fetch: () => Promise<T>, call?: Call): Promise<T> => {
    const mending = (): Promise<T> => mendingRefs(checkout, { run, read }, fetch, call)
    return removingTemporaries(checkout.path, mending, call)
  }
  return {
    ...remote,
    ...gitAdvance({ run, read, environment: gitEnvironment(environment) }),
    ...gitPrepare({ run, read, hasLfs }),
    ...gitTree({ run, read, hasLfs }),
    ...gitRecords(run, read, texts),
    ...gitReleases(run, read, texts),
    ...gitMessages(read),
    ...gitContents({ run, read }),

    fetch: (checkout, ref, call) => fetching(checkout, () => remote.fetch(checkout, ref, call), call),
    fetchNamed: (checkout, name, call) =>
      fetching(checkout, () => remote.fetchNamed(checkout, name, call), call),

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
      const doing = `Cannot make a checkout in ${path}`
      await onDisk(doing, path, () => makeFolder(path))
      if ((await readdir(path)).length > 0) {
        throw new DeployError(
          'checkout_invalid',
          `Cannot clone into ${path}: it is not empty and not a git checkout`,
          {
            hint: 'Move its files away, or set `path` of the app to another folder',
          },
        )
      }
      await run({ path, args: ['init', '--quiet'], doing }, call)
      await run({ path, args: ['remote', 'add', '--', 'origin', url], doing }, call)
    },

    changedFiles: (path, from, to, call) => changedFiles(path, from, to, read, call),

    isTracked: (path, file, call) => isListed(path, file, read, call),

    listFiles: (path, commit, folders, call) => listFiles(path, commit, folders, read, call),

    readFile: (path, commit, file, call) => readFileAt(path, commit, file, read, call),

    exportTo: (checkout, commit, folder, call) => exportTo(checkout, commit, folder, { run, read }, call),

    describe: (path, commit, call) => describeCommit(path, commit, read, call),
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    // So Node says of a read-only file system too, but only of the way there.
    await mkdir(path)
  }
}
