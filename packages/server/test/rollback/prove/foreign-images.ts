import { run } from '../../../../../scripts/lib/run.ts'

export interface ForeignImages {
  readonly count: number
  /** How many are still there. */
  left(): Promise<number>
  remove(): Promise<void>
}

/** Images of somebody else: with a name, without one, and without one but of another app that Fairway deploys. */
export async function foreignImages(name: string): Promise<ForeignImages> {
  const container = (await run('docker', ['create', 'local/busybox:latest', 'true'])).trim()
  const commit = async (serial: number, tag: string, ...labels: readonly string[]): Promise<string> => {
    const given = [`foreign=${name}`, `serial=${serial}`, ...labels]
    const changes = given.flatMap((label) => ['--change', `LABEL ${label}`])
    return (await run('docker', ['commit', ...changes, container, ...(tag === '' ? [] : [tag])])).trim()
  }
  const ids = [
    await commit(1, `${name}/web:latest`),
    await commit(2, `fairway/${name}/web:0123456789ab`, `fairway.app=${name}`),
    await commit(3, ''),
    await commit(4, '', `fairway.app=${name}`, `fairway.build-key=v1:${name}`),
  ]
  await run('docker', ['rm', container])
  return {
    count: ids.length,
    async left() {
      const label = `label=foreign=${name}`
      const listed = await run('docker', ['images', '--all', '--quiet', '--no-trunc', '--filter', label])
      return new Set(listed.split('\n').filter((id) => ids.includes(id))).size
    },
    remove: async () => void (await run('docker', ['rmi', '--force', ...ids])),
  }
}
