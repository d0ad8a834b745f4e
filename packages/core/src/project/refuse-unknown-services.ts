import { basename } from 'node:path'
import { parseProbe } from '../decisions/parse-probe.ts'
import type { App } from '../domain/app.ts'
import type { Project, Service } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import { cleanText } from '../text.ts'

/** Refuses a `migrate` or `rollout.probe` that names a service which the project hasn't (`compose_invalid`), before anything is touched. */
export function refuseUnknownServices(
  { name, migrate, rollout: { probe } }: Pick<App, 'name' | 'migrate' | 'rollout'>,
  { files }: Pick<Project, 'files'>,
  services: readonly Service[],
): void {
  const named = {
    'migrate.service': migrate?.service,
    'rollout.probe': probe === undefined ? undefined : parseProbe(probe)?.service,
  }
  const known = services.map((service) => service.name)
  for (const [key, service] of Object.entries(named)) {
    if (service === undefined || known.includes(service)) continue
    const where = files.map((file) => basename(file)).join(', ')
    throw new DeployError(
      'compose_invalid',
      `Cannot deploy ${name}: \`${key}\` names the service ${cleanText(service)}, which ${where} does not have`,
      { hint: `It has ${cleanText(known.join(', '), 1_000)}; one with a profile needs \`compose.profiles\`` },
    )
  }
}
