import { composeArgs } from '../decisions/compose-args.ts'
import { isContainerOf, readDryRun } from '../decisions/read-dry-run.ts'
import type { Project } from '../domain/project.ts'
import { isFields } from '../fields.ts'
import type { Call } from '../run.ts'
import { composeFailed } from './compose-failure.ts'
import { withResolved } from './compose-relocated.ts'
import type { RunCompose } from './compose-runner.ts'
import type { Compose } from './compose.ts'

/** `Compose.wouldTouch`: Compose tells containers, and which service each is of must be told from its name. */
export function composeForesight(
  run: RunCompose,
  limits: { readonly timeout: number; readonly maxMemory: number },
): Compose['wouldTouch'] {
  const foresee = async (
    project: Project,
    services: readonly string[],
    call: Call,
  ): Promise<readonly string[]> => {
    const result = await run(project, composeArgs.wouldTouch(project, services), limits, call)
    if (result.exitCode !== 0) throw composeFailed('foresee the bringing up of', project, result)
    const alone = readDryRun(result.stderr)
    if (alone.size === 0) return []
    // Up to 2.29 a service that is brought up without what it depends on has another digest than along with it
    // (docker/compose#12069): only what differs in both ways differs. What goes wrong with the others is no answer.
    const all = await run(project, composeArgs.wouldTouch(project), limits, call)
    const together = all.exitCode === 0 ? readDryRun(all.stderr) : alone
    const touched = [...alone].filter((container) => together.has(container))
    const isOf = (service: string, container: string): boolean =>
      isContainerOf(project.name, service, container)
    const known = touched.every((container) => services.some((service) => isOf(service, container)))
    const names = known ? new Map<string, string>() : await givenNames(project, call)
    return services.filter((service) =>
      touched.some((container) => isOf(service, container) || names.get(service) === container),
    )
  }
  /** Each service's `container_name`, where it has one. */
  const givenNames = async (project: Project, call: Call): Promise<ReadonlyMap<string, string>> => {
    const result = await run(project, composeArgs.config(project), limits, call)
    if (result.exitCode !== 0) throw composeFailed('foresee the bringing up of', project, result)
    const config: unknown = JSON.parse(result.stdout)
    const services = isFields(config) && isFields(config['services']) ? config['services'] : {}
    return new Map(
      Object.entries(services).flatMap(([service, section]) => {
        const name = isFields(section) ? section['container_name'] : undefined
        return typeof name === 'string' ? [[service, name] as const] : []
      }),
    )
  }
  return (project, services, { relocation, ...call } = {}) =>
    relocation
      ? withResolved(project, { run, limits, relocation }, call, (resolved) =>
          foresee(resolved, services, call),
        )
      : foresee(project, services, call)
}
