import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from './commands.ts'

/** A repository on "the git host": a work folder whose commits go to a bare repository. */
export interface Origin {
  /** What one clones. */
  readonly url: string
  /** Commits these files and pushes them; gives the commits before and after. */
  push(message: string, files: Readonly<Record<string, string>>): Promise<{ before?: string; after: string }>
}

export async function makeOrigin(folder: string): Promise<Origin> {
  const url = join(folder, 'origin.git')
  const work = join(folder, 'work')
  const git = (...args: readonly string[]): Promise<string> =>
    run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { directory: work })
  await mkdir(work)
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', url], { directory: folder })
  await git('init', '--quiet', '--initial-branch=main')
  await git('remote', 'add', 'origin', url)
  let before: string | undefined
  return {
    url,
    async push(message, files) {
      for (const [file, text] of Object.entries(files)) {
        await mkdir(dirname(join(work, file)), { recursive: true })
        await writeFile(join(work, file), text)
      }
      await git('add', '--all')
      await git('commit', '--quiet', '-m', message)
      await git('push', '--quiet', 'origin', 'main')
      const after = (await git('rev-parse', 'HEAD')).trim()
      const pushed = { after, ...(before === undefined ? {} : { before }) }
      before = after
      return pushed
    },
  }
}
