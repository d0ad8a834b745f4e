import { expect, test } from 'vitest'
import { ownContainer } from '../../src/decisions/own-container.ts'

const id = '63097f83629a79fa117d7d8272bc014fb73be81f8359768b7a9d43d8e71feebe'
const other = 'a9b3f2f8d9715ca608716a0c1b670317f36e1163d710b7bf5be225d8d7add362'

test.each([
  [
    'Docker',
    `140 107 254:0 /var/lib/docker/containers/${id}/hostname /etc/hostname rw,relatime - ext4 /dev/vda rw`,
    '',
  ],
  [
    'a Docker whose folder is a disk of its own',
    `139 107 254:0 /containers/${id}/resolv.conf /etc/resolv.conf rw - ext4 /dev/vdb rw`,
    '',
  ],
  ['Podman', `140 1 0:5 /overlay-containers/${id}/userdata/hosts /etc/hosts rw - tmpfs tmpfs rw`, ''],
  ['cgroup v1', '', `9:name=systemd:/docker/${id}\n8:pids:/docker/${id}\n`],
  ['a cgroup that systemd made', '', `0::/system.slice/docker-${id}.scope\n`],
])('finds the container: %s', (_, mountinfo, cgroup) => {
  expect(ownContainer(mountinfo, cgroup)).toBe(id)
})

test.each([
  ['a host', '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n', '0::/system.slice/fairway.service\n'],
  ['no /proc', '', ''],
  [
    "a host, or another container, into which a container's files are mounted",
    `284 124 254:0 /var/lib/docker/containers/${other}/hostname /mnt/hostname rw - ext4 /dev/vda rw`,
    '0::/\n',
  ],
])('finds none: %s', (_, mountinfo, cgroup) => {
  expect(ownContainer(mountinfo, cgroup)).toBeUndefined()
})
