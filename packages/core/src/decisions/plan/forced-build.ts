import { basename } from 'node:path'
import type { Image } from '../../domain/image.ts'
import { readsFile } from '../changed-in-build.ts'
import type { DesiredService, PlanInput } from './plan-input.ts'

/** What makes a service build whether or not an image of its content is here. */
export function forcedBuild(
  service: DesiredService,
  image: Image | undefined,
  input: PlanInput,
): readonly string[] {
  const { rules, requested, rebuild } = input
  if (requested) return ['a rebuild was asked for']
  if (rules.mode === 'never') return []
  const isNamed = rebuild === 'all' || rebuild?.includes(service.name)
  return [
    ...(isNamed ? ['a commit message asks for a rebuild'] : []),
    ...(rules.mode === 'always' ? ['rebuild.mode is always'] : []),
    ...(input.triggered ? [`${rules.triggerFile} is there`] : []),
    ...changedTriggers(input),
    ...(rules.mode === 'triggers' ? replacedImage(service, image, input) : []),
  ]
}

/** In `auto` a trigger inside a build context, of now or of the last success, counts there, as any file does. */
function changedTriggers({ rules, path, changed, desired, recorded }: PlanInput): readonly string[] {
  if ('unknown' in changed) return rules.mode === 'triggers' ? [changed.unknown] : []
  // One that went with the folder of a service that is gone, or moved, is no reason for the others.
  const former = Object.values(recorded?.services ?? {}).flatMap(({ context }) =>
    context === undefined ? [] : [{ context, additionalContexts: [] }],
  )
  const builds = [...desired.flatMap(({ build }) => build ?? []), ...former]
  const isInside = (file: string): boolean =>
    rules.mode === 'auto' && builds.some((build) => readsFile(build, path, file))
  return changed
    .filter(
      (file) => file === rules.triggerFile || (rules.triggers.includes(basename(file)) && !isInside(file)),
    )
    .map((file) => `${file} changed`)
}

/** The seed's rule looks at files alone, which may be those of the last success again. */
function replacedImage(
  { name }: DesiredService,
  image: Image | undefined,
  { recorded }: PlanInput,
): readonly string[] {
  if (!recorded?.unsettled.includes(name) || image === undefined) return []
  return image.id === recorded.services[name]?.image
    ? []
    : [`a deployment that did not succeed may have replaced the image of ${name}`]
}
