import { taggedName } from './tagged-name.ts'

/** The name of a service's image as the engine lists it; Compose names the image of a build after project and service. */
export function imageName(
  project: string,
  service: { readonly name: string; readonly image?: string },
): string {
  const { name, image = `${project}-${name}` } = service
  return taggedName(image.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, ''))
}

/** Whether a name stands for one content for good: then there is no tag that could move. */
export function isPinned(name: string): boolean {
  return name.includes('@sha256:') || /^(?:sha256:)?[0-9a-f]{64}$/.test(name)
}
