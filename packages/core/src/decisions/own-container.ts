/**
 * The id of the container that a process runs in, from its `/proc/self/mountinfo` and `/proc/self/cgroup`; undefined outside. Not by the
 * host name: a Compose file may set it.
 */
export function ownContainer(mountinfo: string, cgroup: string): string | undefined {
  const mounts = mountinfo.split('\n').map((line) => line.split(' '))
  for (const [, , , root = '', point = ''] of mounts) {
    // Docker and Podman mount these from the container's own folder; other folders may be mounted by anybody.
    if (!/^\/etc\/(hostname|hosts|resolv\.conf)$/.test(point)) continue
    const [, id] = /containers\/([0-9a-f]{64})\//.exec(root) ?? []
    if (id !== undefined) return id
  }
  return /(?:docker|libpod)[-/]([0-9a-f]{64})(?:\.scope)?$/m.exec(cgroup)?.[1]
}
