import type { DeployedState, ServiceState } from '../../domain/state.ts'
import { isDeployError } from '../../errors.ts'
import { type Fields, isFields } from '../../fields.ts'
import type { Call } from '../../run.ts'
import type { Git } from '../git.ts'
import type { RunGit } from './command.ts'
import { objectOf, type ReadGit } from './reads.ts'

type Records = Pick<Git, 'deployed' | 'readState' | 'writeState' | 'recordDeployed'>

/** What Fairway keeps in the checkout itself, so that server, command line and library read the same. */
export function gitRecords(run: RunGit, read: ReadGit): Records {
  const store = async (path: string, state: DeployedState, call?: Call): Promise<string> => {
    const input = `${JSON.stringify(state, undefined, 2)}\n`
    const doing = `Cannot write the deployed state into ${path}`
    return (await run({ path, args: ['hash-object', '-w', '--stdin'], input, doing }, call)).stdout.trim()
  }
  const readBlob = async (path: string, id: string, call?: Call): Promise<string> => {
    try {
      return await read(path, ['cat-file', 'blob', id], call)
    } catch (error) {
      // No blob, or its object is gone: as corrupt as text that is no state.
      if (isDeployError(error, 'git_failed')) return ''
      throw error
    }
  }
  const update = async (path: string, refs: Readonly<Record<string, string>>, call?: Call): Promise<void> => {
    const lines = Object.entries(refs).map(([ref, id]) => `update ${ref} ${id}\n`)
    const input = ['start\n', ...lines, 'prepare\n', 'commit\n'].join('')
    await run(
      { path, args: ['update-ref', '--stdin'], input, doing: `Cannot move refs/fairway of ${path}` },
      call,
    )
  }

  return {
    // The ref as it stands: a clone made anew may have kept it without its commit.
    deployed: (path, app, call) => objectOf(read, path, `refs/fairway/deployed/${app}`, call),

    async readState(path, app, call) {
      const ref = `refs/fairway/state/${app}`
      const id = await objectOf(read, path, ref, call)
      return id === undefined ? undefined : parseState(await readBlob(path, id, call))
    },

    async writeState(path, app, state, call) {
      await update(path, { [`refs/fairway/state/${app}`]: await store(path, state, call) }, call)
    },

    async recordDeployed(path, app, state, call) {
      const refs = {
        [`refs/fairway/deployed/${app}`]: state.commit,
        [`refs/fairway/state/${app}`]: await store(path, state, call),
      }
      await update(path, refs, call)
    },
  }
}

/** A state that can't be read counts as none: everything is built then, which is never wrong. */
function parseState(text: string): DeployedState | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isFields(value) || !isFields(value['services'])) return undefined
  const { commit, services, unsettled } = value
  if (!Array.isArray(unsettled) || !unsettled.every((name) => typeof name === 'string')) return undefined
  const read = Object.entries(services).flatMap(([name, service]) =>
    isFields(service) ? [[name, readService(service)] as const] : [],
  )
  return { ...(typeof commit === 'string' ? { commit } : {}), services: Object.fromEntries(read), unsettled }
}

function readService({ build, image }: Fields): ServiceState {
  return {
    ...(typeof build === 'string' ? { build } : {}),
    ...(typeof image === 'string' ? { image } : {}),
  }
}
