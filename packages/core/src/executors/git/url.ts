import { DeployError } from '../../errors.ts'
import { cleanText } from '../../text.ts'
import { type Address, parseAddress } from './address.ts'

/** What Fairway fetches by, as git's own `GIT_ALLOW_PROTOCOL` wants it. */
export const allowedProtocols = 'https:ssh:http:file'

const allowed = 'Use https, ssh (also git@host:path), http or a local path'

/** Refuses a remote that runs a program, looks like an option, isn't of an allowed kind, or carries a password (`ps` would show it). */
export function assertSafeUrl(url: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f]|:\/\/.*%([01][0-9a-f]|7f)/i.test(url) || url === '') {
    const text = 'Cannot use a remote whose address is empty or has control characters'
    throw new DeployError('unsafe_url', text, { hint: allowed })
  }
  if (namesProgram(url) || namesProgram(decodePercent(url))) {
    throw new DeployError('unsafe_url', 'Cannot use a remote that names a program or an option', {
      hint: allowed,
    })
  }
  const address = parseAddress(url)
  refusePassword(url, address)
  refuseUnknown(address)
  return url
}

/** Git itself decodes an address of ssh before it gives its host to the program. */
function decodePercent(url: string): string {
  if (!url.includes('://')) return url
  return url.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  )
}

function namesProgram(url: string): boolean {
  return (
    /^([a-z0-9+.-]+:\/\/)?([^/]*@)?\[?-|^[a-z0-9+.-]*::/i.test(url) ||
    // `host:-path`, which ssh's other end would take for an option.
    (!url.includes('://') && /^[^/:[]*(\[[^/\]]*\])?:-/.test(url))
  )
}

/** A user name may hold an @, and a token pose as one, or stand behind a question mark. */
function refusePassword(url: string, { transport, login, host, port }: Address): void {
  const token =
    /^(gh[pousr]_|github_pat_|gl(agent|cbt|dt|ffct|ft|imt|oas|pat|ptt|rt|soat)-|ATBB|ATCTT3|ATATT3)|^[0-9a-f]{40}$/
  const query = /[?&]([a-z_]*token|password|api_?key)=/i
  if (!login.includes(':') && !token.test(login) && !query.test(url)) return
  const where = cleanText(port === '' ? host : `${host}:${port}`)
  const helper = `Move it to git's own credential helper: git config --global credential.helper store, then git credential approve (protocol, host ${where}, username and password on standard input); and take it out of the URL`
  throw new DeployError('unsafe_url', `Cannot use the remote at ${where}: its URL carries a password`, {
    hint:
      transport === 'ssh' ? 'Take it out of the URL: ssh uses the keys of its agent or of ~/.ssh' : helper,
  })
}

function refuseUnknown({ transport, login, host, port }: Address): void {
  if (transport === 'file') return
  if (!allowedProtocols.split(':').includes(transport)) {
    const text = `Cannot use a remote over ${cleanText(transport, 20)}: Fairway fetches over https, ssh, http and from local paths only`
    throw new DeployError('unsafe_url', text, { hint: allowed })
  }
  const isHost = /^(\[[0-9a-f:.%]+\]|[\p{L}\p{N}_][\p{L}\p{N}._-]*)$/iu.test(host) && /^\d{0,5}$/.test(port)
  // What comes before a backslash is the host for some readers of addresses, the user for others.
  if (isHost && !/[\s\\]/.test(login)) return
  throw new DeployError('unsafe_url', 'Cannot use a remote without a valid host in its address', {
    hint: allowed,
  })
}
