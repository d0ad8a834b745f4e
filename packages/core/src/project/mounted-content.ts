import { createHash } from 'node:crypto'
import { placeOf } from '../decisions/changed-in-build.ts'
import { parseEnv } from '../decisions/parse-env.ts'
import { shortDigests } from '../decisions/service-configuration.ts'
import type { Project, Service } from '../domain/project.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Call } from '../run.ts'

export interface MountedContentOptions {
  readonly path: string
  /** Its real path. */
  readonly root: string
  readonly commit: string
  readonly project: Project
  readonly services: readonly Service[]
}

type Digests = Readonly<Record<string, string>>

/**
 * Digests of the content of what services mount, by service and path. Of folders what the commit has in them counts: beside it databases
 * live there. What is neither a file of moderate size nor in the repository doesn't count.
 */
export async function mountedContent(
  { path, root, commit, project, services }: MountedContentOptions,
  { git, files }: { readonly git: Git; readonly files: Files },
  call?: Call,
): Promise<ReadonlyMap<string, Digests>> {
  const read = async (mounted: string): Promise<readonly [string, string] | undefined> => {
    const real = await files.realPath(mounted)
    const place = placeOf(root, real)
    const digest =
      (await files.digest(real)) ??
      (place === undefined ? undefined : listingDigest(await git.listFiles(path, commit, place, call)))
    return digest === undefined ? undefined : [place ?? mounted, digest]
  }
  const paths = [...new Set(services.flatMap((service) => service.paths ?? []))]
  const digests = new Map(
    await Promise.all(paths.map(async (mounted) => [mounted, await read(mounted)] as const)),
  )
  const values = services.some(({ variables }) => variables) ? await readVariables(project, files) : {}
  return new Map(
    services.map(({ name, paths: own = [], variables = [] }) => {
      const found = own.flatMap((mounted) => {
        const digest = digests.get(mounted)
        return digest === undefined ? [] : [digest]
      })
      const taken = variables.map((variable) => [`$${variable}`, values[variable] ?? null] as const)
      return [name, { ...Object.fromEntries(found), ...shortDigests(name, taken) }]
    }),
  )
}

function listingDigest(
  tracked: readonly { readonly file: string; readonly mode: string; readonly id: string }[],
): string | undefined {
  if (tracked.length === 0) return undefined
  const lines = tracked.map(({ file, mode, id }) => `${mode} ${id} ${file}`).toSorted()
  return `sha256:${createHash('sha256').update(lines.join('\0')).digest('hex')}`
}

/** As Compose sees them: the environment wins over files, later files over earlier ones. */
async function readVariables({ envFiles, environment }: Project, files: Files): Promise<Partial<Digests>> {
  const texts = await Promise.all(envFiles.map((file) => files.read(file)))
  return {
    ...Object.assign({}, ...texts.map((text) => parseEnv(text ?? ''))),
    ...environment,
  } as Partial<Digests>
}
