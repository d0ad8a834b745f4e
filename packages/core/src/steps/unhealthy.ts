import type { Container } from '../domain/container.ts'
import { DeployError } from '../errors.ts'
import type { Engine } from '../executors/engine.ts'
import type { Run } from '../run.ts'
import { cleanText } from '../text.ts'

/** What failed, and the containers to look at. */
export interface Failing {
  readonly sentence: string
  readonly failed: readonly Container[]
  /** What to do, where that isn't to look at its output. */
  readonly hint?: string
}

/** Lines of its log that a failed container is shown with. */
const logLines = 20

/** The failure `unhealthy`, with what the containers' healthchecks said and what they wrote last. */
export async function unhealthy(
  failings: readonly Failing[],
  engine: Engine,
  run: Run,
): Promise<DeployError> {
  const output: string[] = []
  for (const container of failings.flatMap(({ failed }) => failed)) {
    output.push(...healthLines(container), ...(await lastLines(container, engine, run)))
  }
  const [{ hint } = {}] = failings
  return new DeployError('unhealthy', failings.map(({ sentence }) => cleanText(sentence, 500)).join('; '), {
    output,
    services: [...new Set(failings.flatMap(({ failed }) => failed.map(({ service }) => service)))],
    hint: hint ?? 'What was deployed before is not brought back; push a fix, or deploy an earlier commit',
  })
}

function healthLines({ name, health, healthOutput }: Container): readonly string[] {
  if (healthOutput === undefined || health === 'healthy') return []
  const lines = healthOutput.split(/\r?\n/).slice(-logLines)
  return [`The healthcheck of ${cleanText(name)} said:`, ...lines.map(indent)]
}

async function lastLines(
  { id, name, state }: Container,
  engine: Engine,
  run: Run,
): Promise<readonly string[]> {
  const which = `${cleanText(name)} (${state})`
  try {
    const lines = await engine.logs(id, logLines, run)
    return lines.length === 0 ? [`${which} wrote nothing`] : [`Last lines of ${which}:`, ...lines.map(indent)]
  } catch (error) {
    run.signal.throwIfAborted()
    // A log that can't be read, as with the driver `none`, must not hide what failed.
    const why = error instanceof Error ? error.message : String(error)
    return [`The log of ${which} cannot be read: ${cleanText(why)}`]
  }
}

function indent(line: string): string {
  return `  ${cleanText(line, 1_000)}`
}
