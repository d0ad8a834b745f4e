import type { App } from '../domain/app.ts'
import type { HeldContent, Release } from '../domain/release.ts'
import { DeployError, isDeployError } from '../errors.ts'
import { shellWord } from '../shell-word.ts'

/** The failure of a deployment after which the last success serves again. */
export function rolledBack({
  app,
  error,
  release,
  held,
}: {
  readonly app: App
  readonly error: unknown
  readonly release: Pick<Release, 'commit'>
  readonly held: readonly HeldContent[]
}): Error {
  const names = held.map(({ service }) => service)
  const hint =
    names.length === 0
      ? 'Nothing is held: what failed consists of the same as what serves again, so that the cause may lie outside of the repository'
      : `Held until it changes: ${names.join(', ')}. Push a fix; or, to have the same tried again: fairway unhold ${shellWord(app.name)}`
  const data = app.migrate ? `. What ${app.migrate.service} did to the data is not undone` : ''
  return retold(error, { end: `rolled back to ${short(release)}, which serves again`, hint: hint + data })
}

/** The failure of a deployment before which none had succeeded. */
export function firstEver(error: unknown, { name }: App): Error {
  return retold(error, {
    end: `there is nothing to go back to, as no deployment of ${name} has succeeded yet`,
    hint: 'What came up is left as it is: look at it, and push a fix',
  })
}

/** Both failures, in full. */
export function rollbackFailed({
  app,
  project,
  error,
  again,
  release,
}: {
  readonly app: App
  /** Name of the Compose project. */
  readonly project: string
  readonly error: unknown
  /** What the way back failed with. */
  readonly again: unknown
  readonly release: Release
}): Error {
  const back = `going back to ${short(release)}`
  const message = `ROLLBACK FAILED, ${app.name} may be down: ${words(error)}; ${back} failed as well: ${words(again)}`
  const hint = isDeployError(again) ? again.hint : undefined
  return new DeployError('rollback_failed', message, {
    output: [
      ...inFull('The deployment failed:', error),
      ...inFull(`${back.replace('going', 'Going')} failed:`, again),
    ],
    services: isDeployError(error) ? error.services : [],
    hint: `${hint === undefined ? '' : `${hint}\n`}See what is up with: docker compose -p ${shellWord(project)} ps --all; the next push tries everything anew`,
    cause: error,
  })
}

/** The same failure, with how it ended. */
function retold(error: unknown, { end, hint }: { readonly end: string; readonly hint: string }): Error {
  const message = `${words(error)}; ${end}`
  if (isDeployError(error)) {
    const { code, output, services } = error
    return new DeployError(code, message, { output, services, hint, cause: error })
  }
  // A bug: it is shown with where it happened.
  const bug = new Error(message, { cause: error })
  if (error instanceof Error && error.stack !== undefined) bug.stack = `${message}\n${error.stack}`
  return bug
}

function inFull(title: string, error: unknown): readonly string[] {
  const lines = isDeployError(error)
    ? [error.message, ...error.output]
    : [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  return [title, ...lines.flatMap((text) => text.split('\n')).map((line) => `  ${line}`)]
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function short({ commit }: Pick<Release, 'commit'>): string {
  return commit.slice(0, 7)
}
