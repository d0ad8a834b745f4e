import type { ServiceState } from '../../domain/state.ts'
import { atMost, isBelow } from '../changed-in-build.ts'
import { changedKeys, type RecreateReason } from './configuration-reasons.ts'
import type { DesiredService, PlanInput } from './plan-input.ts'

/** Which mounted content changed: a container may still hold the old file, and Compose does not look. */
export function mountReasons(
  { name, mounts = {}, configuration }: DesiredService,
  recorded: ServiceState | undefined,
  changed: PlanInput['changed'],
): readonly RecreateReason[] {
  if (recorded?.configuration === undefined) return []
  const before = recorded.mounts ?? {}
  // A mount that is new or gone is a change of the configuration, and told there.
  const isNews = (path: string): boolean =>
    recorded.configuration === configuration || (path in before && path in mounts)
  const sentences = changedKeys(before, mounts)
    .filter(isNews)
    .flatMap((path) =>
      path.startsWith('$')
        ? [`the value of ${path.slice(1)} changed, which ${name} mounts`]
        : filesBehind(path, changed).map((file) => `${file} changed, which ${name} mounts`),
    )
  return atMost(sentences, `more changed that ${name} mounts`).map((sentence) => ({ sentence, forced: true }))
}

/** The files of a push below a mounted folder; the folder itself where it isn't a push that changed it. */
function filesBehind(path: string, changed: PlanInput['changed']): readonly string[] {
  const files = 'unknown' in changed ? [] : changed.filter((file) => isBelow(file, path))
  if (files.length > 0) return files
  return [path === '' ? 'the checkout' : path]
}
