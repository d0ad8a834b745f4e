import type { Service } from '../domain/project.ts'
import { imageName } from './image-name.ts'

/** Which services of a project build the image that a name stands for. */
export interface BuiltNames {
  of(image: string): string | undefined
  /** The one that a name may stand for whose variables (`$NAME`, `${NAME}`) aren't known. */
  maybe(image: string): string | undefined
}

/** By the names that Compose gives images: the service's own, that of the project, and `tags`. */
export function builtNames(project: string, services: readonly Service[]): BuiltNames {
  const names = new Map<string, string>()
  for (const { name, image, build } of services) {
    if (!build) continue
    const tags = build.section?.['tags']
    const others: readonly unknown[] = Array.isArray(tags) ? tags : []
    const defaults = image === undefined ? [`${project}-${name}`, `${project}_${name}`] : [image]
    for (const known of [...defaults, ...others]) {
      if (typeof known === 'string') names.set(imageName('', { name, image: known }), name)
    }
  }
  return {
    of: (image) => names.get(imageName('', { name: '', image })),
    maybe(image) {
      const parts = image
        .split(/\$(?:\w+|\{[^}]*\})/)
        .map((part) => part.replaceAll(/[^\w/]/g, String.raw`\$&`))
      const pattern = new RegExp(`^${parts.join('.*')}(?::latest)?$`, 's')
      return [...names].find(([known]) => pattern.test(known))?.[1]
    },
  }
}
