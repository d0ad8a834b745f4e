import { isAbsolute } from 'node:path'
import type { Build, Service } from '../domain/project.ts'
import type { Files } from '../executors/files.ts'

/** Git names files by where they are: a context that is a symbolic link must be seen there too. */
export async function resolveLinks(services: readonly Service[], files: Files): Promise<readonly Service[]> {
  const real = async (path: string): Promise<string> => (isAbsolute(path) ? files.realPath(path) : path)
  const resolve = async (build: Build): Promise<Build> => {
    const [context, additionalContexts] = await Promise.all([
      real(build.context),
      Promise.all(build.additionalContexts.map(real)),
    ])
    const dockerfile = build.dockerfile === undefined ? {} : { dockerfile: await real(build.dockerfile) }
    return { ...build, context, additionalContexts, ...dockerfile }
  }
  return Promise.all(
    services.map(async (service) =>
      service.build ? { ...service, build: await resolve(service.build) } : service,
    ),
  )
}
