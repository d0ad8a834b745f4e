import { DeployError } from '../../errors.ts'

/** Refuses a remote that runs a program, looks like an option, or carries a password (`ps` would show it). */
export function assertSafeUrl(url: string): string {
  if (/^([a-z0-9+.-]+:\/\/)?([^/]*@)?-|^[a-z0-9+.-]+::/i.test(url)) {
    throw new DeployError('unsafe_url', 'Cannot use a remote that names a program or an option', {
      hint: 'Use https, ssh (also git@host:path), http or a local path',
    })
  }
  // Not by `URL`, whose errors carry the whole text. A user name may hold an @, and a token pose as one.
  const [, login = '', host] = /^[a-z0-9+.-]+:\/\/([^/?#]*)@([^/?#]*)/i.exec(url) ?? []
  if (!login.includes(':') && !/^(gh[pousr]_|github_pat_|gl(pat|dt)-)/.test(login)) return url
  throw new DeployError('unsafe_url', `Cannot use the remote at ${host}: its URL carries a password`, {
    hint: `Move it to git's own credential helper: git config --global credential.helper store, then git credential approve (protocol, host ${host}, username and password on standard input); and take it out of the URL`,
  })
}
