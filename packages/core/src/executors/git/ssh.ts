import type { Call } from '../../run.ts'
import type { ReadGit } from './reads.ts'
import { readSettings, recallSettings, valuesOf } from './settings.ts'

const command = [
  'ssh',
  // Nobody is there to answer a question.
  '-o BatchMode=yes',
  '-o ConnectTimeout=15',
  '-o ServerAliveInterval=15',
  '-o ServerAliveCountMax=3',
  // A shared connection that we opened would outlive the command, and keep its output open.
  '-o ControlMaster=no',
].join(' ')

/** Settings that make ssh give up by itself; none where the operator configured a command. `GIT_SSH_COMMAND` wins over both. */
export async function sshSettings(path: string, read: ReadGit, call?: Call): Promise<readonly string[]> {
  const settings = recallSettings(path, call) ?? (await readSettings(path, read, call))
  const own = valuesOf(settings, 'core.sshcommand').at(-1) ?? ''
  return own.trim() === '' ? ['-c', `core.sshCommand=${command}`] : []
}
