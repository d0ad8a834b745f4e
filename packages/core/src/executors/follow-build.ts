import type { Readable } from 'node:stream'
import { type BuildLog, type BuildStatus, readBuildStatus } from '../decisions/read-build-status.ts'
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
  for await (const line of linesOf(stream)) {
    const message: unknown = line === '' ? undefined : JSON.parse(line)
    if (!isFields(message)) continue
    const { id, aux, error } = message
    if (id === 'moby.buildkit.trace' && typeof aux === 'string') trace.add(aux)
    if (id === 'moby.image.id') image = aux
    // The status was 200 before the build began.
    if (typeof error === 'string') failure = error
  }
  trace.end()
  if (failure === undefined && image !== undefined) return true
  // Everything but a command's own failure: Compose quotes the Dockerfile, and may have the credentials that were missing.
  if (!failure || !/^process ".*" did not complete successfully/s.test(failure)) return false
  throw new DeployError('compose_failed', `Cannot build ${service}: ${cleanText(failure, 1_000)}`, {
    output: lines,
    services: [service],
  })
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  stream.setEncoding('utf8')
  let begun = ''
  for await (const text of stream as AsyncIterable<string>) {
    const lines = `${begun}${text}`.split('\n')
    begun = lines.pop() ?? ''
    yield* lines
  }
  yield begun
}

/** Shows steps as they begin, and what their commands write, line by line. */
function showTrace(show: (line: string) => void): { add(aux: string): void; end(): void } {
  const shown = new Set<string>()
  const begun = new Map<string, string>()
  const write = ({ step, stream, bytes }: BuildLog): void => {
    const from = `${step} ${stream}`
    const all = `${begun.get(from) ?? ''}${bytes.toString('utf8')}`.split(/\r?\n|\r/)
    begun.set(from, all.pop() ?? '')
    for (const line of all) show(line.slice(0, 4_000))
  }
  const add = ({ steps, logs }: BuildStatus): void => {
    for (const { digest, name, cached, started } of steps) {
      // How BuildKit gets at the files is nothing that the Dockerfile says.
      if (!(started || cached) || shown.has(digest) || !/^\[(?!internal)/.test(name)) continue
      shown.add(digest)
      show(`${cached ? 'CACHED ' : ''}${name}`)
    }
    for (const log of logs) write(log)
  }
  return {
    add(aux) {
      try {
        add(readBuildStatus(aux))
      } catch {
        // What can't be read isn't shown; whether the build works is told apart from it.
      }
    },
    end() {
      for (const line of begun.values()) if (line !== '') show(line)
    },
  }
}
