import { basename } from 'node:path'
import type { Build, Service } from '../domain/project.ts'
import type { Rebuild, RebuildRules } from '../domain/rebuild.ts'
import type { DeployedState } from '../domain/state.ts'
import { changedInBuild, placeOf, readsFile } from './changed-in-build.ts'

export interface RebuildInput {
  readonly rules: RebuildRules
  /** Directory of the checkout, as the services' build contexts are given. */
  readonly path: string
  readonly services: readonly Service[]
  /** Files changed since the base, relative to the checkout, or why that can't be told. */
  readonly changed: readonly string[] | { readonly unknown: string }
  /** What earlier deployments left to know. */
  readonly state: DeployedState | undefined
  /** Whether the trigger file lies in the checkout untracked. */
  readonly triggered: boolean
  /** Whether a person asked for a rebuild. */
  readonly requested: boolean
}

type Because = readonly string[]
type BuiltService = Service & { readonly build: Build }

/** Which images must be built, and why. Images hold copies: a changed file in a build context is reason enough. */
export function decideRebuild(input: RebuildInput): Rebuild {
  const buildable = input.services.filter((service): service is BuiltService => service.build !== undefined)
  const everything = reasonsForAll(input, buildable)
  const found = buildable.map((service) => [service, [...everything, ...reasonsFor(service, input)]] as const)
  const chosen = found.filter(([, because]) => because.length > 0)
  return {
    needed: chosen.length > 0,
    services: chosen.map(([{ name }]) => name),
    because: [...new Set(chosen.flatMap(([, because]) => because))],
    reasons: Object.fromEntries(chosen.map(([{ name }, because]) => [name, because])),
    builds: Object.fromEntries(
      found.flatMap(([service, because]) => recordedBuild(service, because, input.state)),
    ),
  }
}

/** What makes every service build. */
function reasonsForAll(
  { rules, path, changed, triggered, requested }: RebuildInput,
  services: readonly BuiltService[],
): Because {
  if (requested) return ['a rebuild was asked for']
  if (rules.mode === 'never') return []
  if (rules.mode === 'always') return ['rebuild.mode is always']
  if ('unknown' in changed) return [changed.unknown]
  const outside = (file: string): boolean =>
    rules.mode === 'triggers' || !services.some(({ build }) => readsFile(build, path, file))
  return [
    ...changed
      .filter((file) => file === rules.triggerFile || (isTrigger(rules, file) && outside(file)))
      .map((file) => `${file} changed`),
    ...(triggered ? [`${rules.triggerFile} is there`] : []),
  ]
}

function isTrigger({ triggers }: RebuildRules, file: string): boolean {
  return triggers.includes(basename(file))
}

/** What makes this service build. */
function reasonsFor(
  { name, build }: BuiltService,
  { rules, path, changed, state, requested }: RebuildInput,
): Because {
  if (rules.mode === 'never' || rules.mode === 'always' || requested || 'unknown' in changed) return []
  const unsettled = state?.unsettled.includes(name)
    ? [`a deployment that did not succeed may have replaced the image of ${name}`]
    : []
  if (rules.mode === 'triggers') return unsettled
  const recorded = state?.services[name]?.build
  const context = placeOf(path, build.context)
  return [
    ...(context === undefined ? [`${name} is built from ${build.context}, outside the checkout`] : []),
    ...changedInBuild(build, path, changed),
    ...(recorded === undefined ? [`${name} has not been built by a successful deployment yet`] : []),
    ...(recorded !== undefined && recorded !== build.digest ? [`the build section of ${name} changed`] : []),
    ...unsettled,
  ]
}

/** The digest that the service's image was made from, as far as it is known. */
function recordedBuild(
  { name, build }: BuiltService,
  because: Because,
  state: DeployedState | undefined,
): readonly (readonly [string, string])[] {
  const digest = because.length > 0 ? build.digest : state?.services[name]?.build
  return digest === undefined ? [] : [[name, digest]]
}
