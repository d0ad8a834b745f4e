import { stat } from 'node:fs/promises'
import type { Environment } from '@fairway/core'
import { type Accounts, userName } from '../users.ts'
import { blocks, type Finding, ok } from './finding.ts'

/** Whether this process may use the engine's socket, or will after the next log-in. */
export async function checkDockerGroup(
  environment: Environment,
  accounts: Accounts,
): Promise<readonly Finding[]> {
  const path = socketPath(environment)
  const uid = process.getuid?.()
  const groups = [process.getgid?.() ?? -1, ...(process.getgroups?.() ?? [])]
  const socket = path === undefined ? undefined : await statOrNothing(path)
  if (path === undefined || socket === undefined || uid === undefined) return []
  return [
    judgeSocket(
      { path, uid: Number(socket.uid), gid: Number(socket.gid), mode: Number(socket.mode) },
      { uid, groups },
      accounts,
    ),
  ]
}

export interface Socket {
  readonly path: string
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

/** The user and the groups that a process has, which are those of its log-in. */
export interface Rights {
  readonly uid: number
  readonly groups: readonly number[]
}

export function judgeSocket(socket: Socket, { uid, groups }: Rights, accounts: Accounts): Finding {
  const check = 'docker group'
  const name = userName(uid, accounts)
  if (uid === 0) return ok(check, `root may use ${socket.path}`)
  const group = accounts.groups.find(({ gid }) => gid === socket.gid)
  const called = group?.name ?? `group ${socket.gid}`
  const byGroup = (socket.mode & 0o020) !== 0
  if ((byGroup && groups.includes(socket.gid)) || socket.uid === uid || (socket.mode & 0o002) !== 0) {
    return ok(check, `${name} may use ${socket.path} (whoever may is as good as root on this machine)`)
  }
  if (!byGroup || socket.gid === 0) {
    return blocks(
      check,
      `${socket.path} is for root alone`,
      'sudo groupadd --force docker, then sudo systemctl restart docker.socket docker',
    )
  }
  if (group?.members.includes(name)) {
    return blocks(
      check,
      `${name} is in the group ${called}, but not yet in this session, which began before`,
      `Log out and in again (for this shell alone: newgrp ${called}); a service: restart it`,
    )
  }
  return blocks(
    check,
    `${name} is not in the group ${called}, which may use ${socket.path}`,
    `sudo usermod -aG ${called} ${name}, then log out and in again`,
  )
}

/** Of the engine that docker's own command would ask; undefined where it is elsewhere. */
function socketPath({ DOCKER_HOST = '', DOCKER_CONTEXT = '' }: Environment): string | undefined {
  if (DOCKER_HOST === '') return ['', 'default'].includes(DOCKER_CONTEXT) ? '/var/run/docker.sock' : undefined
  return /^unix:\/\/(\/.+)$/.exec(DOCKER_HOST)?.[1]
}

async function statOrNothing(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path)
  } catch {
    // That there is no engine, the check of docker tells.
    return undefined
  }
}
