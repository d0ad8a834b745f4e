/** The name that keeps an image of a release: `fairway/shop/web:0123456789ab`. Docker's names are lower case and know few characters. */
export function releaseTag(app: string, service: string, image: string): string {
  const id = image.replace(/^sha256:/, '').slice(0, 12)
  return `fairway/${part(app)}/${part(service)}:${id}`
}

function part(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return plain === '' ? 'x' : plain
}
