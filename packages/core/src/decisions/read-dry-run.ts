/** What Compose's `--dry-run` says that it would do, by container; one that already runs isn't named. */
export function readDryRun(stderr: string): ReadonlyMap<string, readonly string[]> {
  const touched = new Map<string, readonly string[]>()
  for (const line of stderr.split('\n')) {
    const [, called = '', done = ''] = /DRY-RUN MODE -\s+Container (\S+)\s+(\S+)/.exec(line) ?? []
    if (called === '' || done === 'Running') continue
    // While it takes another one's place it is called `<12 hex>_<name>`.
    const name = called.replace(/^[0-9a-f]{12}_/, '')
    touched.set(name, [...(touched.get(name) ?? []), done])
  }
  return touched
}
