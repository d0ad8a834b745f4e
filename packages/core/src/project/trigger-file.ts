import { join } from 'node:path'
import type { App } from '../domain/app.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Run } from '../run.ts'
import { refuseLinks } from './refuse-links.ts'

/** When the untracked trigger file was last touched; undefined where there is none, or a tracked one. */
export async function triggerFileTouched(
  app: App,
  { git, files }: { readonly git: Git; readonly files: Files },
  run: Run,
): Promise<number | undefined> {
  const { triggerFile } = app.rebuild
  const file = join(app.path, triggerFile)
  const touched = await files.modifiedAt(file)
  // What success removes must not lie in a folder elsewhere.
  if (touched !== undefined) await refuseLinks(app, [file], { git, files }, run)
  return touched !== undefined && (await git.isTracked(app.path, triggerFile, run)) ? undefined : touched
}

/** It asked for this build and goes away with success, unless it was touched again meanwhile. */
export function removeAfterSuccess(
  { path, rebuild: { triggerFile } }: App,
  touched: number,
  files: Files,
  run: Run,
): void {
  const file = join(path, triggerFile)
  run.defer(async (outcome) => {
    if (outcome !== 'success' || (await files.modifiedAt(file)) !== touched) return
    await files.remove(file)
    run.log.info(`${triggerFile} removed, as the deployment succeeded.`)
  })
}
