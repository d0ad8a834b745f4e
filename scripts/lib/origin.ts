import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from './run.ts'

/** From paths to texts. */
export type Tree = Readonly<Record<string, string>>

/** A repository on "the git host": a work folder whose commits go to a bare repository. */
export interface Origin {
  /** What one clones. */
  readonly url: string
  /** Commits these files on top of what is there and gives the commit. */
  commit(message: string, files: Tree, removed?: readonly string[]): Promise<string>
  push(...options: readonly string[]): Promise<void>
  git(...args: readonly string[]): Promise<string>
}

export async function makeOrigin(folder: string): Promise<Origin> {
  const url = join(folder, 'origin.git')
  const work = join(folder, 'work')
  const git = (...args: readonly string[]): Promise<string> =>
    run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { directory: work })
  await mkdir(work, { recursive: true })
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', url])
  await git('init', '--quiet', '--initial-branch=main')
  await git('remote', 'add', 'origin', url)
  return {
    url,
    git,
    async commit(message, files, removed = []) {
      for (const [file, text] of Object.entries(files)) {
        await mkdir(dirname(join(work, file)), { recursive: true })
        await writeFile(join(work, file), text)
      }
      for (const file of removed) await rm(join(work, file))
      await git('add', '--all')
      await git('commit', '--quiet', '--allow-empty', '--message', message)
      return (await git('rev-parse', 'HEAD')).trim()
    },
    async push(...options) {
      await git('push', '--quiet', ...options, 'origin', 'HEAD:main')
    },
  }
}
