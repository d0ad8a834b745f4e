import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { readBuildStatus } from '../decisions/read-build-status.ts'
import { DeployError } from '../errors.ts'
import { isFields } from '../fields.ts'
import { cleanText } from '../text.ts'

export interface FollowBuildOptions {
  readonly service: string
  readonly output: (line: string) => void
}

/** Shows a build's lines until its end; false where it failed in a way that Compose's own build tells better. */
export async function followBuild(
  stream: Readable,
  { service, output }: FollowBuildOptions,
): Promise<boolean> {
  const lines: string[] = []
  const trace = showTrace((line) => {
    lines.push(line)
    if (lines.length > 20) lines.shift()
    output(line)
  })
  let failure: string | undefined
  let image: unknown
  for await (const line of createInterface({ input: stream })) {
    const message: unknown = line === '' ? undefined : JSON.parse(line)
    if (!isFields(message)) continue
    const { id, aux, error } = message
    if (id === 'moby.buildkit.trace' && typeof aux === 'string') trace(aux)
    if (id === 'moby.image.id') image = aux
    // The status was 200 before the build began.
    if (typeof error === 'string') failure = error
  }
  if (failure === undefined && image !== undefined) return true
  // Everything but a command's own failure: Compose quotes the Dockerfile, and may have the credentials that were missing.
  if (!failure || !/^process ".*" did not complete successfully/s.test(failure)) return false
  throw new DeployError('compose_failed', `Cannot build ${service}: ${cleanText(failure, 1_000)}`, {
    output: lines,
  })
}

/** Shows steps as they begin, and what their commands write, line by line. */
function showTrace(show: (line: string) => void): (aux: string) => void {
  const shown = new Set<string>()
  const begun = new Map<string, string>()
  const write = (step: string, text: string): void => {
    const all = `${begun.get(step) ?? ''}${text}`.split(/\r?\n|\r/)
    begun.set(step, all.pop() ?? '')
    for (const line of all) show(line.slice(0, 4_000))
  }
  return (aux) => {
    const { steps, logs } = readBuildStatus(aux)
    for (const { digest, name, cached, started } of steps) {
      // How BuildKit gets at the files is nothing that the Dockerfile says.
      if (!(started || cached) || shown.has(digest) || !/^\[(?!internal)/.test(name)) continue
      shown.add(digest)
      show(`${cached ? 'CACHED ' : ''}${name}`)
    }
    for (const { step, bytes } of logs) write(step, bytes.toString('utf8'))
  }
}
