import { runCommand } from '@fairway/core'
import { run } from '../../../../../scripts/lib/run.ts'

/** A bare repository on "the git host", whose commits are written without a work folder: thousands of files take no time. */
export interface Origin {
  readonly url: string
  /** Puts these files on top of the branch, as one commit; gives it. */
  commit(files: Readonly<Record<string, string>>): Promise<string>
  tip(): Promise<string>
  /** All commits of the branch, oldest first. */
  history(): Promise<readonly string[]>
}

export async function makeOrigin(url: string): Promise<Origin> {
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', url])
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', args, { directory: url })).trim()
  let serial = 0
  return {
    url,
    tip: () => git('rev-parse', 'refs/heads/main'),
    history: async () => (await git('rev-list', '--reverse', 'refs/heads/main')).split('\n'),
    async commit(files) {
      serial += 1
      const { exitCode, stderr } = await runCommand({
        command: 'git',
        args: ['fast-import', '--quiet'],
        directory: url,
        environment: process.env,
        input: stream(serial, files),
      })
      if (exitCode !== 0) throw new Error(`git fast-import failed: ${stderr}`)
      return git('rev-parse', 'refs/heads/main')
    },
  }
}

function stream(serial: number, files: Readonly<Record<string, string>>): string {
  const message = `change ${serial}`
  return [
    'commit refs/heads/main',
    `committer Ada <ada@example.com> ${1_700_000_000 + serial} +0000`,
    data(message),
    ...(serial > 1 ? ['from refs/heads/main^0'] : []),
    ...Object.entries(files).flatMap(([path, text]) => [`M 100644 inline ${path}`, data(text)]),
    'done\n',
  ].join('\n')
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`
}
