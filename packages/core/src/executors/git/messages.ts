import { isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { CommitMessage, Git } from '../git.ts'
import { recallCommit } from './describe.ts'
import { commitOf, type ReadGit } from './reads.ts'

const most = 1_000

/** What commits say of themselves. */
export function gitMessages(read: ReadGit): Pick<Git, 'messages'> {
  return {
    async messages(path, from, to, call) {
      const tip = recallCommit(path, to, call)
      if (tip && (from === undefined || isAfter(tip.parents, from)))
        return [{ commit: to, message: tip.message }]
      // A setting of the checkout's would have git start gpg.
      const options = ['--no-show-signature', '--no-color', '--no-notes', '--encoding=UTF-8']
      const range = from === undefined ? ['--no-walk'] : ['--date-order', `--max-count=${most}`]
      const format = '--format=tformat:%H%x00%B%x00'
      const commits = from === undefined ? [to] : [to, `^${from}`]
      const args = ['log', ...range, ...options, format, '--end-of-options', ...commits, '--']
      try {
        return parse(await read(path, args, call))
      } catch (error) {
        if (isDeployError(error, 'git_failed') && (await isMissing([from ?? to, to], path, read, call))) {
          return undefined
        }
        throw error
      }
    },
  }
}

/** The usual push: one commit on top of what is deployed. */
function isAfter(parents: readonly string[], from: string): boolean {
  return parents.length === 1 && parents[0] === from
}

/** A NUL ends each id and each message, of which none can have one in it; a line break goes before each further commit. */
function parse(listed: string): readonly CommitMessage[] {
  const fields = listed.split('\0')
  return fields.flatMap((message, index) =>
    index % 2 === 1 ? [{ commit: fields[index - 1]?.trim() ?? '', message }] : [],
  )
}

async function isMissing(
  commits: readonly string[],
  path: string,
  read: ReadGit,
  call?: Call,
): Promise<boolean> {
  const found = await Promise.all(commits.map((commit) => commitOf(read, path, commit, call)))
  return found.includes(undefined)
}
