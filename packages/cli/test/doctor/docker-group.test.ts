import { expect, test } from 'vitest'
import { judgeSocket, type Rights, type Socket } from '../../src/doctor/check-docker-group.ts'

const user = (name: string, uid: number): { name: string; uid: number; gid: number; home: string } => ({
  name,
  uid,
  gid: uid,
  home: `/home/${name}`,
})
const accounts = {
  users: [user('root', 0), user('ada', 1000), user('bob', 1001)],
  groups: [
    { name: 'root', gid: 0, members: [] },
    { name: 'docker', gid: 999, members: ['ada'] },
  ],
}
const socket: Socket = { path: '/var/run/docker.sock', uid: 0, gid: 999, mode: 0o140660 }

test.each<[string, Partial<Socket>, Rights, object]>([
  ['root', {}, { uid: 0, groups: [0] }, { level: 'ok' }],
  ['a member', {}, { uid: 1000, groups: [1000, 999] }, { level: 'ok' }],
  [
    'a member since this session began',
    {},
    { uid: 1000, groups: [1000] },
    {
      level: 'blocks',
      message: 'ada is in the group docker, but not yet in this session, which began before',
      fix: 'Log out and in again (for this shell alone: newgrp docker); a service: restart it',
    },
  ],
  [
    'somebody else',
    {},
    { uid: 1001, groups: [1001] },
    {
      level: 'blocks',
      message: 'bob is not in the group docker, which may use /var/run/docker.sock',
      fix: 'sudo usermod -aG docker bob, then log out and in again',
    },
  ],
  [
    'somebody whose name nobody knows',
    {},
    { uid: 4242, groups: [4242] },
    { level: 'blocks', message: expect.stringMatching(/^user 4242 is not in the group docker/) },
  ],
  [
    'a socket of root alone',
    { gid: 0 },
    { uid: 1000, groups: [1000, 999] },
    { level: 'blocks', message: '/var/run/docker.sock is for root alone' },
  ],
  [
    'a socket that its group may not write',
    { mode: 0o140600 },
    { uid: 1000, groups: [1000, 999] },
    { level: 'blocks', message: '/var/run/docker.sock is for root alone' },
  ],
  [
    'a rootless engine',
    { uid: 1000, gid: 1000, mode: 0o140600 },
    { uid: 1000, groups: [1000] },
    { level: 'ok' },
  ],
])('docker group: %s', (_, other, rights, expected) => {
  expect(judgeSocket({ ...socket, ...other }, rights, accounts)).toMatchObject({
    check: 'docker group',
    ...expected,
  })
})
