import type { Image } from '../../domain/image.ts'
import type { Build } from '../../domain/project.ts'
import type { ServiceState } from '../../domain/state.ts'
import { placeOf } from '../changed-in-build.ts'
import { changedKeys } from './configuration-reasons.ts'
import type { DesiredService, PlanInput } from './plan-input.ts'

/** Why no image here has the key of a service. */
export function buildReasons(
  { name, build, bases = [], changes = [] }: DesiredService & { readonly build: Build },
  key: string,
  image: Image | undefined,
  { path, changed, recorded, desired }: PlanInput,
): readonly string[] {
  const state = recorded?.services[name]
  const base = bases.find((other) => {
    const wanted = desired.find((service) => service.name === other)?.key
    const before = recorded?.services[other]?.buildKey
    return before !== undefined && wanted !== undefined && 'key' in wanted && wanted.key !== before
  })
  const found = [
    ...changes,
    ...changedSection(name, build, state),
    ...(base === undefined ? [] : [`its base image, built for ${base}, changes`]),
  ]
  if (state?.buildKey === key) return [`the image of ${name} is no longer here`]
  if (image === undefined) return [`${name} has no image yet`, ...(state ? found : [])]
  if (found.length > 0) return found
  if (state?.buildKey === undefined) {
    return [
      'unknown' in changed ? changed.unknown : `${name} has not been built by a successful deployment yet`,
    ]
  }
  if ('unknown' in changed) return [changed.unknown]
  const context = placeOf(path, build.context)
  return [
    `a file that git does not track changed in build context ${context === '' ? '.' : (context ?? build.context)}`,
  ]
}

function changedSection(name: string, build: Build, state: ServiceState | undefined): readonly string[] {
  if (state?.build === undefined || state.build === build.digest) return []
  const parts = changedKeys(state.buildSections ?? {}, build.sections ?? {}).map((part) =>
    part.replace(/^args\./, 'argument '),
  )
  const named = state.buildSections === undefined || parts.length === 0 ? '' : `: ${parts.join(', ')}`
  return [`the build section of ${name} changed${named}`]
}
