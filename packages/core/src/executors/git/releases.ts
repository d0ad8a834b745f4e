import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readHolds, readRelease } from '../../decisions/read-release.ts'
import type { Call } from '../../run.ts'
import type { Git } from '../git.ts'
import type { RunGit } from './command.ts'
import type { OwnTexts } from './own-texts.ts'
import type { ReadGit } from './reads.ts'

type Releases = Pick<Git, 'releases' | 'keepRelease' | 'dropReleases' | 'holds' | 'writeHolds'>

/**
 * Releases and holds in the checkout itself. A release is an annotated tag: one object that points to its commit, which keeps that
 * commit's objects, and whose message is the record.
 */
export function gitReleases(run: RunGit, read: ReadGit, texts: OwnTexts): Releases {
  const ask = async (path: string, args: readonly string[], input: string, call?: Call): Promise<string> =>
    (await run({ path, args, input, doing: `Cannot work with refs/fairway of ${path}` }, call)).stdout.trim()
  const update = (path: string, lines: readonly string[], call?: Call): Promise<string> =>
    ask(path, ['update-ref', '--stdin'], lines.map((line) => `${line}\n`).join(''), call)

  return {
    async releases(path, app, call) {
      const args = [
        'for-each-ref',
        '--format=%(objecttype) %(contents:subject)',
        '--sort=-refname',
        folder(app),
      ]
      return (await read(path, args, call)).split('\n').flatMap((line) => {
        const release = line.startsWith('tag ') ? readRelease(line.slice('tag '.length)) : undefined
        return release ? [release] : []
      })
    },

    async keepRelease(path, app, release, call) {
      const { id, commit, at } = release
      const seconds = Math.floor(Date.parse(at) / 1_000)
      const head = [`object ${commit}`, 'type commit', `tag ${id}`, `tagger Fairway <> ${seconds} +0000`]
      const tag = await ask(path, ['mktag'], `${head.join('\n')}\n\n${JSON.stringify(release)}\n`, call)
      await update(path, [`update ${folder(app)}/${id} ${tag}`], call)
    },

    async dropReleases(path, app, ids, call) {
      if (ids.length > 0)
        await update(
          path,
          ids.map((id) => `delete ${folder(app)}/${id}`),
          call,
        )
    },

    async holds(path, app, call) {
      // Git would look into the folders above.
      if (!existsSync(join(path, '.git'))) return { content: [] }
      return readHolds((await texts.read(path, `refs/fairway/holds/${app}`, call)) ?? '')
    },

    async writeHolds(path, app, holds, call) {
      const ref = `refs/fairway/holds/${app}`
      if (holds.app === undefined && holds.content.length === 0) {
        await update(path, [`delete ${ref}`], call)
        return
      }
      const doing = `Cannot work with refs/fairway of ${path}`
      const blob = await texts.store(path, `${JSON.stringify(holds)}\n`, doing, call)
      await update(path, [`update ${ref} ${blob}`], call)
    },
  }
}

function folder(app: string): string {
  return `refs/fairway/releases/${app}`
}
