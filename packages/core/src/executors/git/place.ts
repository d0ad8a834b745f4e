import { cleanText } from '../../text.ts'
import { parseAddress, withoutLogin } from './address.ts'

/** The remote in words that may be shown: no login is in them. */
export interface Place {
  /** With its port where one is given: `git.example:8443`; of a path the path. */
  readonly host: string
  /** The host alone, for commands. */
  readonly name: string
  /** For a command line of ssh: ` -p 2222 git@git.example`. */
  readonly ssh: string
  /** For `ssh-keyscan` and `ssh-keygen -R`. */
  readonly keyscan: string
  readonly knownHost: string
  readonly url: string
  readonly checkout: string
}

/** The remote at this address, of this checkout. */
export function describePlace(url: string, checkout: string): Place {
  const { transport, login, host, port, path } = parseAddress(url)
  const name = cleanText(host.replace(/^\[(.*)\]$/, '$1'))
  const option = port === '' ? '' : ` -p ${port}`
  // A name as good as public for most hosts; any other is left for the reader to put in.
  const user = login === 'git' ? 'git' : 'USER'
  return {
    host: cleanText(transport === 'file' ? path : port === '' ? host : `${host}:${port}`),
    name,
    ssh: `${option} ${login === '' ? '' : `${user}@`}${name}`,
    keyscan: `${option} ${name}`,
    knownHost: port === '' || port === '22' ? name : `[${name}]:${port}`,
    url: cleanText(withoutLogin(url), 1_000),
    checkout,
  }
}
