import { composeArgs } from '../decisions/compose-args.ts'
import type { Project } from '../domain/project.ts'
import type { Call } from '../run.ts'
import { composeFailed } from './compose-failure.ts'
import { composeForesight } from './compose-foresight.ts'
import { withLabels } from './compose-labels.ts'
import { composeOnce } from './compose-once.ts'
import { pluginFolders as systemPluginFolders } from './compose-program.ts'
import { composeReader } from './compose-reader.ts'
import { composeRunner } from './compose-runner.ts'
import { composeVersion } from './compose-version.ts'
import type { Compose } from './compose.ts'
import { engineEndpoint } from './engine-endpoint.ts'
import { dockerEnvironment, type Environment } from './environment.ts'

export interface ComposeCliOptions {
  readonly environment?: Environment
  /** What reading files may take: a small file of YAML aliases could keep Compose busy for minutes, and take gigabytes. */
  readonly reading?: { readonly timeout: number; readonly maxMemory: number }
  /** Where Compose is looked for after the user's own folder of plugins; default: where docker looks. */
  readonly pluginFolders?: readonly string[]
}

/** The real Compose. It sees only an allow-listed part of `environment`, and what the project names. */
export function composeCli({
  environment = process.env,
  reading = { timeout: 60_000, maxMemory: 512 * 1024 ** 2 },
  pluginFolders = systemPluginFolders,
}: ComposeCliOptions = {}): Compose {
  const allowed = dockerEnvironment(environment)
  const run = composeRunner(allowed, pluginFolders)
  let endpoint: Promise<string> | undefined

  const version = (call?: Call): Promise<string> => composeVersion(allowed, reading.timeout, call)
  const act = async (
    doing: string,
    project: Project,
    args: readonly string[],
    { timeout }: { readonly timeout: number },
    call?: Call,
  ): Promise<void> => {
    const result = await run(project, args, { timeout, live: 'both' }, call)
    if (result.exitCode !== 0) throw composeFailed(doing, project, result)
  }

  return {
    version,

    async engine() {
      try {
        return await (endpoint ??= engineEndpoint(environment))
      } catch (error) {
        // Asked again next time: docker may be there by then.
        endpoint = undefined
        throw error
      }
    },

    services: composeReader({ run, version, limits: reading }),

    build: (project, services, { timeout, labels = {}, pull = false }, call) =>
      withLabels(labels, (overrides) => {
        const args = composeArgs.build(project, services, { overrides, pull })
        return act(`build ${services.join(', ')} of`, project, args, { timeout }, call)
      }),

    up: (project, options, call) => act('bring up', project, composeArgs.up(project, options), options, call),

    restart: (project, services, options, call) => {
      const args = composeArgs.restart(project, services)
      return act(`restart ${services.join(', ')} of`, project, args, options, call)
    },

    run: composeOnce(run, allowed),

    wouldTouch: composeForesight(run, reading),
  }
}
