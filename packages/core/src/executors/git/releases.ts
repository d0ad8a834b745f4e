import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readHolds, readRelease } from '../../decisions/read-release.ts'
import type { Holds } from '../../domain/release.ts'
import type { Call } from '../../run.ts'
import type { Git } from '../git.ts'
import type { RunGit } from './command.ts'
import { readOwnRef } from './own-ref.ts'
import type { OwnTexts } from './own-texts.ts'
import type { ReadGit } from './reads.ts'

/** Each of them somebody else's write was faster: so many in a row mean that something is wrong. */
const mostTries = 20

type Releases = Pick<Git, 'releases' | 'keepRelease' | 'dropReleases' | 'holds' | 'changeHolds'>

/**
 * Releases and holds in the checkout itself. A release is an annotated tag: one object that points to its commit, which keeps that
 * commit's objects, and whose message is the record.
 */
export function gitReleases(run: RunGit, read: ReadGit, texts: OwnTexts): Releases {
  const ask = async (path: string, args: readonly string[], input: string, call?: Call): Promise<string> =>
    (await run({ path, args, input, doing: doing(path) }, call)).stdout.trim()
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

    async changeHolds(path, app, change, call) {
      const ref = `refs/fairway/holds/${app}`
      for (let tries = 1; ; tries += 1) {
        const id = await readOwnRef(path, ref, read, call)
        const before = id === undefined ? undefined : await texts.read(path, id, call)
        const holds = change(readHolds(before ?? ''))
        const text = isNothing(holds) ? undefined : `${JSON.stringify(holds)}\n`
        if (text === before && (text !== undefined || id === undefined)) return holds
        const line = swap(ref, id, text && (await texts.store(path, text, doing(path), call)))
        try {
          await update(path, [line], call)
          return holds
        } catch (error) {
          // Git refuses where somebody else was faster.
          const isOvertaken = (await readOwnRef(path, ref, read, call)) !== id
          if (!isOvertaken || tries === mostTries) throw error
        }
      }
    },
  }
}

function isNothing({ app, content }: Holds): boolean {
  return app === undefined && content.length === 0
}

/** A command of `git update-ref` that only does its work where a ref is still what it was; undefined: not there. */
function swap(ref: string, before: string | undefined, after: string | undefined): string {
  if (after === undefined) return `delete ${ref} ${before ?? ''}`
  return before === undefined ? `create ${ref} ${after}` : `update ${ref} ${after} ${before}`
}

function doing(path: string): string {
  return `Cannot work with refs/fairway of ${path}`
}

function folder(app: string): string {
  return `refs/fairway/releases/${app}`
}
