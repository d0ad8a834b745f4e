/** The parts of a remote's address, told apart as git does. */
export interface Address {
  /** `ssh` also for `git@host:path`, `file` also for a path; else the scheme as it is written. */
  readonly transport: string
  /** User and perhaps password; empty where there are none. */
  readonly login: string
  /** Empty for a path. */
  readonly host: string
  readonly port: string
  readonly path: string
}

/** Takes an address apart; not by `URL`, whose errors carry the whole text, and which knows no `git@host:path`. */
export function parseAddress(url: string): Address {
  const [, scheme, rest = ''] = /^([a-z0-9+.-]+):\/\/([^]*)$/i.exec(url) ?? []
  if (scheme !== undefined) return parseUrl(scheme, rest)
  return (
    parseScp(/^\[(?:([^/]*)@)?([^/\]@]*)\]:([^]*)$/.exec(url)) ??
    // With a slash before the first colon it is a path (git's url_is_local_not_ssh).
    parseScp(/^(?:([^/[]*)@)?\[([^/\]]*)\]:([^]*)$/.exec(url)) ??
    parseScp(/^(?:([^/[]*)@)?([^/:[]*):([^]*)$/.exec(url)) ?? { ...nowhere, path: url }
  )
}

const nowhere = { transport: 'file', login: '', host: '', port: '' } as const

/** The address without its login: for messages and for commands that people are told to run. */
export function withoutLogin(url: string): string {
  return url.replace(/^([a-z0-9+.-]+:\/\/)[^/?#]*@/i, '$1')
}

function parseUrl(scheme: string, rest: string): Address {
  if (scheme === 'file') return { ...nowhere, path: rest }
  const [authority = ''] = /^[^/?#]*/.exec(rest) ?? []
  const at = authority.lastIndexOf('@')
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority.slice(at + 1)) ?? []
  const login = authority.slice(0, Math.max(at, 0))
  return { transport: scheme, login, host, port, path: rest.slice(authority.length) }
}

/** ssh's own way of writing it; brackets hold an IPv6 address or, in this way alone, a host and its port. */
function parseScp(found: RegExpExecArray | null): Address | undefined {
  if (!found) return undefined
  const [, login = '', place = '', path = ''] = found
  const [, host, port] = /^([^:]*):(\d+)$/.exec(place) ?? []
  if (host !== undefined && port !== undefined) return { transport: 'ssh', login, host, port, path }
  return { transport: 'ssh', login, host: place.includes(':') ? `[${place}]` : place, port: '', path }
}
