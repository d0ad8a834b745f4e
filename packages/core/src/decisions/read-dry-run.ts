/** Names of the containers that Compose's `--dry-run` says it would do something about. */
export function readDryRun(stderr: string): ReadonlySet<string> {
  const touched = new Set<string>()
  for (const line of stderr.split('\n')) {
    const [, called = '', done = ''] = /DRY-RUN MODE -\s+Container (\S+)\s+(\S+)/.exec(line) ?? []
    // While it takes another one's place it is called `<12 hex>_<name>`.
    if (called !== '' && done !== 'Running') touched.add(called.replace(/^[0-9a-f]{12}_/, ''))
  }
  return touched
}

/** Whether a container is one of a service, by the name that Compose gives it. */
export function isContainerOf(project: string, service: string, container: string): boolean {
  const start = `${project}-${service}-`
  return container.startsWith(start) && /^\d+$/.test(container.slice(start.length))
}
