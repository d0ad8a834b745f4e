import type { Image } from '../../domain/image.ts'
import { imageName, isPinned } from '../image-name.ts'
import { buildReasons } from './build-reasons.ts'
import { forcedBuild } from './forced-build.ts'
import type { DesiredService, PlanInput } from './plan-input.ts'
import { baseAge } from './refresh-base.ts'

/** What becomes of a service's image, before anything is said of its containers. */
export type ImageDecision =
  | {
      readonly does: 'build'
      readonly because: readonly string[]
      readonly pull?: true
      /** What is built on it is built, too, whatever its own key says. */
      readonly isAnew?: true
    }
  | { readonly does: 'pull'; readonly because: readonly string[] }
  /** An image that is here gets the service's name. */
  | { readonly does: 'tag'; readonly because: readonly string[]; readonly image: string }
  /** Another service's build gives its name a new image. */
  | { readonly does: 'follow'; readonly because: readonly string[] }
  /** It stays; `image` is its id, where it can be told. */
  | { readonly does: 'nothing'; readonly image?: string }

/** Decides what becomes of a service's image; `decided` are those before it in order, those that are built before all others. */
export function decideImage(
  service: DesiredService,
  input: PlanInput,
  decided: ReadonlyMap<string, ImageDecision>,
): ImageDecision {
  const name = imageName(input.project, service)
  const named = input.images.find(({ id, names }) => id === name || names.includes(name))
  if (input.pinned) return decidePinned(input.pinned[service.name], name, named)
  return service.build
    ? decideBuilt({ ...service, build: service.build }, named, input, decided)
    : decidePulled(service, name, named, input, decided)
}

function decidePinned(image: string | undefined, name: string, named: Image | undefined): ImageDecision {
  // It ran nothing in that release.
  if (image === undefined) return { does: 'nothing', ...(named ? { image: named.id } : {}) }
  // No tag can give an image a name that stands for one content.
  if (named?.id === image || isPinned(name)) return { does: 'nothing', image }
  return { does: 'tag', image, because: ['the release that is gone back to ran another image'] }
}

function decideBuilt(
  service: DesiredService & Required<Pick<DesiredService, 'build'>>,
  named: Image | undefined,
  input: PlanInput,
  decided: ReadonlyMap<string, ImageDecision>,
): ImageDecision {
  const { name, key, bases = [] } = service
  // One that is built only for want of its image is the same again, as its key says.
  const base = bases.find((other) => {
    const made = decided.get(other)
    return made?.does === 'build' && made.isAnew
  })
  const age = baseAge(service, named, input)
  // Registries know no image that the project itself makes.
  const pull = age !== undefined && bases.length === 0 ? ({ pull: true } as const) : {}
  const forced = [
    ...forcedBuild(service, named, input),
    ...(age === undefined ? [] : [age]),
    ...(base === undefined || input.rules.mode === 'never'
      ? []
      : [`its base image, built for ${base}, changes`]),
  ]
  const anew = { does: 'build', isAnew: true } as const
  if (forced.length > 0) return { ...anew, because: [...forced, ...(service.changes ?? [])], ...pull }
  const { mode } = input.rules
  if (mode === 'never' || mode === 'triggers') {
    return named ? { does: 'nothing', image: named.id } : { ...anew, because: [`${name} has no image yet`] }
  }
  if (key === undefined || 'unknown' in key) {
    const sentence = key?.unknown ?? `what ${name} is built from cannot be told`
    return { ...anew, because: [sentence, ...(service.changes ?? [])] }
  }
  if (named?.buildKey === key.key) return { does: 'nothing', image: named.id }
  const image = withKey(key.key, service, input)
  if (image === undefined) return { does: 'build', because: buildReasons(service, key.key, named, input) }
  const because = [...(service.changes ?? []), 'an image built from the same content is here']
  return { does: 'tag', image, because }
}

/** A local image with this key: the one that runs, or else the newest. */
function withKey(key: string, { name }: DesiredService, { images, running }: PlanInput): string | undefined {
  const found = images
    .filter(({ buildKey }) => buildKey === key)
    .toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.id < b.id ? -1 : 1))
  const runs = (id: string): boolean => running.some(({ service, image }) => service === name && image === id)
  return (found.find(({ id }) => runs(id)) ?? found[0])?.id
}

function decidePulled(
  { name, pullPolicy = 'missing' }: DesiredService,
  image: string,
  named: Image | undefined,
  input: PlanInput,
  decided: ReadonlyMap<string, ImageDecision>,
): ImageDecision {
  if (pullPolicy === 'always' || /^(?:daily|weekly|every_)/.test(pullPolicy)) {
    return { does: 'pull', because: [`its pull_policy is ${pullPolicy}`] }
  }
  const maker = input.desired.find(
    (other) => other.name !== name && other.build && imageName(input.project, other) === image,
  )
  const made = maker && decided.get(maker.name)
  if (maker && (made?.does === 'tag' || made?.does === 'build')) {
    const because = [`its image ${image}, built for ${maker.name}, changes`]
    return made.does === 'tag' ? { does: 'tag', because, image: made.image } : { does: 'follow', because }
  }
  if (named) return { does: 'nothing', image: named.id }
  // Of a pinned image the engine lists no name; what a container runs can be no other.
  if (pullPolicy === 'never' || (isPinned(image) && input.running.some(({ service }) => service === name))) {
    return { does: 'nothing' }
  }
  return { does: 'pull', because: [`its image ${image} is not here`] }
}
