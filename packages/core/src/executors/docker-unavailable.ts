import { DeployError } from '../errors.ts'
import { cleanText } from '../text.ts'

/** Why the engine gave no answer, or none that helps, in plain words. */
export function dockerUnavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DeployError) return error
  if ('statusCode' in error) {
    return new DeployError(
      'docker_unavailable',
      `The Docker engine refuses: ${cleanText(error.message.trim())}`,
      {
        hint: 'Look into its log, for example with: journalctl --unit docker',
        cause: error,
      },
    )
  }
  const { code = '', address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  const where = address === undefined ? '' : ` at ${address}${port === undefined ? '' : `:${port}`}`
  const [reason, hint] = reasons.get(code) ?? [error.message, 'Check it with: docker version']
  return new DeployError(
    'docker_unavailable',
    `The Docker engine does not answer: ${cleanText(reason.replace('{where}', where))}`,
    { hint, cause: error },
  )
}

const start = 'Start it, for example with: sudo systemctl start docker. If it is elsewhere, set DOCKER_HOST'
const broken = 'It may be restarting; check it with: docker version'
const reasons: ReadonlyMap<string, readonly [reason: string, hint: string]> = new Map([
  ['ENOENT', ['there is no socket{where}', start]],
  ['ECONNREFUSED', ['nothing listens{where}', start]],
  [
    'EACCES',
    [
      'this user may not use the socket{where}',
      'Add the user to the docker group (sudo usermod -aG docker USER), then log out and in again',
    ],
  ],
  ['ECONNRESET', ['it broke the connection off', broken]],
  ['EPIPE', ['it broke the connection off', broken]],
  ['ENOTFOUND', ['nobody knows its host name', 'Check DOCKER_HOST, or the docker context']],
])
