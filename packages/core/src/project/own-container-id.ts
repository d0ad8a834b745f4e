import { ownContainer } from '../decisions/own-container.ts'
import type { Files } from '../executors/files.ts'

/** The id of the container that this process runs in; undefined outside, and where there is no /proc. */
export async function ownContainerId(files: Files): Promise<string | undefined> {
  const [mountinfo = '', cgroup = ''] = await Promise.all([
    files.read('/proc/self/mountinfo'),
    files.read('/proc/self/cgroup'),
  ])
  return ownContainer(mountinfo, cgroup)
}
