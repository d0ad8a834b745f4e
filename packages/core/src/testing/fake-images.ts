import { taggedName } from '../decisions/tagged-name.ts'
import type { Image } from '../domain/image.ts'

/** Images in memory, and who has which name. */
export interface FakeImages {
  readonly all: () => readonly Image[]
  /** By its id or one of its names. */
  readonly find: (idOrName: string) => Image | undefined
  /** Puts an image there; its names leave those that had them. */
  readonly add: (image: Image) => void
  /** Takes a name away; an image goes with its last one. */
  readonly untag: (name: string) => void
  /** By its id; false where it isn't there, or has several names. */
  readonly remove: (id: string) => boolean
  /** Makes one as a build does: the same service with the same build key gives the same image. */
  readonly make: (
    service: string,
    names: readonly string[],
    labels?: Readonly<Record<string, string>>,
  ) => Image
}

export function fakeImages(): FakeImages {
  const images = new Map<string, Image>()
  let made = 0
  const add = (image: Image): void => {
    const names = image.names.map(taggedName)
    for (const [id, other] of images) {
      images.set(id, { ...other, names: other.names.filter((name) => !names.includes(name)) })
    }
    const before = images.get(image.id)?.names ?? []
    images.set(image.id, { ...image, names: [...new Set([...before, ...names])] })
  }
  const find = (idOrName: string): Image | undefined =>
    images.get(idOrName) ?? [...images.values()].find(({ names }) => names.includes(taggedName(idOrName)))
  return {
    all: () => [...images.values()],
    find,
    add,
    untag(name) {
      const image = find(name)
      if (!image || images.has(name)) return
      const names = image.names.filter((one) => one !== taggedName(name))
      if (names.length === 0) images.delete(image.id)
      else images.set(image.id, { ...image, names })
    },
    remove: (id) => (images.get(id)?.names.length ?? 2) < 2 && images.delete(id),
    make(service, names, labels = {}) {
      const { 'fairway.app': app, 'fairway.build-key': buildKey } = labels
      const id = buildKey === undefined ? `sha256:${service}-${++made}` : `sha256:${service} ${buildKey}`
      const image: Image = {
        id,
        names,
        createdAt: images.get(id)?.createdAt ?? '2026-01-01T00:00:00.000Z',
        ...(app === undefined ? {} : { app }),
        ...(buildKey === undefined ? {} : { buildKey }),
      }
      add(image)
      return images.get(id) ?? image
    },
  }
}
