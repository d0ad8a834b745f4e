import type { Rule } from './rules.ts'

/** Where a checkout may be fetched from: what runs a program, looks like an option or carries a password is refused. */
export const urlRule: Rule = (url) => {
  if (url.startsWith('-')) return 'must not begin with -: git would take it for an option'
  if (/^[a-z0-9+.-]+::/i.test(url))
    return `must not name a remote helper (name::address), which runs a program; ${allowed}`
  if (url.startsWith('/')) return undefined
  const [, scheme = '', authority = '', path = ''] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/]*)\/?(.*)$/is.exec(url) ?? []
  switch (scheme.toLowerCase()) {
    case '':
      return scpRule(url)
    case 'file':
      return authority === '' && path !== ''
        ? undefined
        : 'must be file:// with an absolute path: file:///srv/git/shop.git'
    case 'https':
    case 'http':
    case 'ssh':
      return remoteRule({ isSsh: scheme.toLowerCase() === 'ssh', authority, path })
    default:
      return `must be of a kind that is known to be safe; ${allowed}`
  }
}

const allowed = 'use https, ssh (also git@host:path), http, file:// or an absolute path'
const hostName = '(?:[a-z0-9_][a-z0-9._-]*|\\[[0-9a-f:.]+\\])'
const userName = '[a-z0-9_][\\w.+~%-]*'

/** `git@host:path`, ssh's own way of writing it. */
function scpRule(url: string): string | undefined {
  const valid = new RegExp(`^(?:${userName}@)?${hostName}:[^\\s-]\\S*$`, 'i').test(url)
  return valid ? undefined : `is not a place that git can fetch from; ${allowed}`
}

interface Remote {
  readonly isSsh: boolean
  readonly authority: string
  readonly path: string
}

function remoteRule({ isSsh, authority, path }: Remote): string | undefined {
  const at = authority.lastIndexOf('@')
  const user = at === -1 ? undefined : authority.slice(0, at)
  const host = authority.slice(at + 1)
  const isHost = new RegExp(`^${hostName}(?::\\d{1,5})?$`, 'i').test(host)
  if (user !== undefined && (user.includes(':') || isToken(user))) {
    return isSsh ? sshPassword : movePassword(isHost ? host : 'the host')
  }
  if (!isHost) return 'has no valid host in it'
  if (user !== undefined && !new RegExp(`^${userName}$`, 'i').test(user)) return 'has no valid user in it'
  if (path === '') return 'names a host, but no repository on it'
  return /\s/.test(path) ? 'must not have spaces in it' : undefined
}

/** Hosts take a token for the user name too. */
function isToken(user: string): boolean {
  return /^(gh[pousr]_|github_pat_|gl[a-z]{2,5}-)|^[0-9a-f]{40}$/.test(user)
}

const sshPassword = 'has a password in it: take it out, ssh uses the keys of the agent or of ~/.ssh'

/** Read from standard input, so that the password stands in no shell history and no process list. */
function movePassword(host: string): string {
  return [
    'has a password in it, which process lists and logs would show.',
    "Move it to git's own credential helper: `git config --global credential.helper store`,",
    `then \`git credential approve\`, typing protocol=https, host=${host}, username=... and password=...`,
    'on a line each and an empty line; and take it out of here',
  ].join(' ')
}
