import type { App } from '../domain/app.ts'
import type { Leftover } from '../domain/leftover.ts'
import type { Project } from '../domain/project.ts'
import { DeployError, isDeployError } from '../errors.ts'
import type { Compose } from '../executors/compose.ts'
import type { Engine } from '../executors/engine.ts'
import type { Run } from '../run.ts'
import { cleanText } from '../text.ts'

export interface BringUpOptions {
  /** These services alone; default: the whole project. */
  readonly services?: readonly string[]
  /** Recreates them, also where Compose sees no difference. */
  readonly force?: boolean
  /** Leaves the containers that are there. */
  readonly keep?: boolean
  /** Asks no registry. */
  readonly offline?: boolean
  /** Nothing was left that would have to be cleared up. */
  readonly isClear?: boolean
}

/** Brings a project up; what an interrupted recreate left of it is cleared up before, as it would be in Compose's way. */
export async function bringUp(
  { name, timeouts }: App,
  project: Project,
  { compose, engine }: { readonly compose: Compose; readonly engine?: Engine | undefined },
  run: Run,
  { isClear = false, ...chosen }: BringUpOptions = {},
): Promise<void> {
  const clear = async (): Promise<void> => {
    for (const leftover of (await engine?.removeLeftovers(project.name, run)) ?? []) {
      run.log.warn(`${name}: ${tell(leftover)}`)
    }
  }
  const up = (): Promise<void> => compose.up(project, { timeout: timeouts.up, ...chosen }, run)
  if (!isClear) await clear()
  try {
    await up()
  } catch (error) {
    if (!isNameConflict(error)) throw error
    run.log.warn(`${error.message}\nBringing up ${name} once more, as this attempt may have cleared the way`)
    await clear()
    await up().catch((again: unknown) => Promise.reject(isNameConflict(again) ? inTheWay(again) : again))
  }
}

function tell({ name, rightful }: Leftover): string {
  const what = `the container ${cleanText(name)}, which an interrupted deployment left and which never ran,`
  return rightful === undefined ? `${what} was removed` : `${what} is called ${cleanText(rightful)} now`
}

/** In the engine's words, which Compose passes on: it has no code for it. */
function isNameConflict(error: unknown): error is DeployError {
  return isDeployError(error, 'compose_failed') && /name ".*" is already in use by/.test(error.message)
}

function inTheWay({ code, message, output, cause }: DeployError): DeployError {
  const hint = 'See whose it is with docker ps --all; if nobody needs it, remove it with docker rm'
  return new DeployError(code, message, { hint, output, cause })
}
