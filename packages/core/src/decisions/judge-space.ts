import type { Container } from '../domain/container.ts'
import type { Image } from '../domain/image.ts'
import { DeployError } from '../errors.ts'

export interface SpaceInput {
  readonly app: string
  /** What is free where, in bytes. */
  readonly found: readonly { readonly path: string; readonly free: number }[]
  readonly minFree: number
  /** Images that Fairway built for the app, and the containers of its project. */
  readonly images: readonly Image[]
  readonly containers: readonly Pick<Container, 'image'>[]
}

/** Why there is too little room to build; undefined where there is enough. */
export function judgeSpace({ app, found, minFree, images, containers }: SpaceInput): DeployError | undefined {
  const short = found.filter(({ free }) => free < minFree)
  if (short.length === 0) return undefined
  const where = short.map(({ path, free }) => `${showSize(free)} in ${path}`).join(', ')
  return new DeployError(
    'disk_full',
    `Cannot build ${app}: only ${where} ${short.length === 1 ? 'is' : 'are'} free, and \`server.disk.minFree\` is ${showSize(minFree)}`,
    {
      hint: [
        'Nothing was touched. See what takes the room: docker system df',
        'docker builder prune',
        ...unused(images, containers),
      ].join('; '),
    },
  )
}

/** How many images a hint names. */
const most = 5

function unused(images: readonly Image[], containers: SpaceInput['containers']): readonly string[] {
  const used = new Set(containers.map(({ image }) => image))
  const ids = images
    .filter(({ id }) => !used.has(id))
    .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
    .map(({ id }) => id.replace(/^sha256:/, '').slice(0, 12))
  return ids.length === 0
    ? []
    : [
        `images that Fairway built and no container of this app uses, oldest first: docker rmi ${ids.slice(0, most).join(' ')}`,
      ]
}

/** Bytes as one would write them: `2 GB`, `500 MB`, `1.3 GB`. */
export function showSize(bytes: number): string {
  const [unit, name] = units.find(([size]) => bytes >= size) ?? [1, 'bytes']
  // Never rounded up: 1.96 of 2 GB must not read as 2 GB.
  return `${Math.floor((bytes / unit) * 10) / 10} ${name}`
}

const units = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
] as const
