import { judgeSpace } from '../decisions/judge-space.ts'
import type { App } from '../domain/app.ts'
import type { Image } from '../domain/image.ts'
import type { Plan } from '../domain/plan.ts'
import type { Project } from '../domain/project.ts'
import { composeCli } from '../executors/compose-cli.ts'
import type { Compose } from '../executors/compose.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import type { Files } from '../executors/files.ts'
import { nodeFiles } from '../executors/node-files.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'

export interface CheckDiskOptions {
  /** Bytes that must be free; 0: whatever there is. */
  readonly minFree: number
  readonly engine?: Engine
  readonly compose?: Pick<Compose, 'engine'>
  readonly files?: Files
}

/** Fails with `disk_full` before anything is built, where checkout or images have too little room. Nothing to do where a plan builds nothing. */
export function checkDisk({
  minFree,
  engine = dockerEngine(),
  compose = composeCli(),
  files = nodeFiles(),
}: CheckDiskOptions): Step<{ app: App; project: Project; plan?: Plan }> {
  return step('checkDisk', async ({ app, project, plan }, run) => {
    const builds =
      plan?.services.some(({ action, image }) => action === 'build' && image === undefined) ?? true
    if (minFree === 0 || !builds) return
    const storage = await storageHere({ engine, compose, files }, run)
    const paths = [...(storage === undefined ? [] : [storage]), app.path]
    const found = await Promise.all(paths.map(async (path) => ({ path, free: await files.freeSpace(path) })))
    if (found.every(({ free }) => free >= minFree)) return
    const [images, containers] = await Promise.all([
      imagesOf(app, engine, run),
      engine.containers(project.name, run),
    ])
    throw judgeSpace({ app: app.name, found, minFree, images, containers })
  })
}

/** Where the engine keeps images, if that is a folder of this machine. */
async function storageHere(
  { engine, compose, files }: Required<Omit<CheckDiskOptions, 'minFree'>>,
  run: Run,
): Promise<string | undefined> {
  // The same path here would be another machine's.
  if (/^(tcp|ssh|https?):/.test(await compose.engine(run))) return undefined
  const folder = await engine.storage(run)
  return (await files.exists(folder)) ? folder : undefined
}

function imagesOf({ name }: App, engine: Engine, run: Run): Promise<readonly Image[]> {
  return engine.images({ app: name, names: [] }, run)
}
