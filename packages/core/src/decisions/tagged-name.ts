/** An image's name as the engine keeps it: with its tag, `latest` where none is given; a digest is left as it is. */
export function taggedName(name: string): string {
  // A colon before the last slash is a registry's port.
  const last = name.slice(name.lastIndexOf('/') + 1)
  return last.includes(':') || last.includes('@') ? name : `${name}:latest`
}
