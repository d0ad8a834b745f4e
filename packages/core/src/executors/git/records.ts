import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readState } from '../../decisions/read-state.ts'
import type { DeployedState } from '../../domain/state.ts'
import type { Call } from '../../run.ts'
import type { Git } from '../git.ts'
import type { RunGit } from './command.ts'
import { readOwnRef, updateOwnRefs } from './own-ref.ts'
import type { OwnTexts } from './own-texts.ts'
import type { ReadGit } from './reads.ts'
import type { RefUpdate } from './ref-files.ts'

type Records = Pick<Git, 'deployed' | 'readState' | 'writeState' | 'recordDeployed'>

/** What Fairway keeps in the checkout itself, so that server, command line and library read the same. */
export function gitRecords(run: RunGit, read: ReadGit, texts: OwnTexts): Records {
  const store = (path: string, state: DeployedState, call?: Call): Promise<string> => {
    const doing = `Cannot write the deployed state into ${path}`
    return texts.store(path, `${JSON.stringify(state, undefined, 2)}\n`, doing, call)
  }
  const update = async (path: string, refs: readonly RefUpdate[], call?: Call): Promise<void> => {
    if (await updateOwnRefs(path, refs, read, call)) return
    const lines = refs.map(([ref, id]) => `update ${ref} ${id}\n`)
    const input = ['start\n', ...lines, 'prepare\n', 'commit\n'].join('')
    await run(
      { path, args: ['update-ref', '--stdin'], input, doing: `Cannot move refs/fairway of ${path}` },
      call,
    )
  }

  return {
    // The ref as it stands: a clone made anew may have kept it without its commit.
    deployed: (path, app, call) => readOwnRef(path, `refs/fairway/deployed/${app}`, read, call),

    async readState(path, app, call) {
      // Git would look into the folders above.
      if (!existsSync(join(path, '.git'))) return undefined
      const text = await texts.read(path, `refs/fairway/state/${app}`, call)
      // No ref, no blob, or an object that is gone: as corrupt as text that is no state.
      return text === undefined ? undefined : readState(text)
    },

    async writeState(path, app, state, call) {
      await update(path, [[`refs/fairway/state/${app}`, await store(path, state, call)]], call)
    },

    async recordDeployed(path, app, state, call) {
      const stored = await store(path, state, call)
      const refs = [
        [`refs/fairway/deployed/${app}`, state.commit],
        [`refs/fairway/state/${app}`, stored],
      ] as const
      await update(path, refs, call)
    },
  }
}
