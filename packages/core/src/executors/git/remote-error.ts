import { DeployError } from '../../errors.ts'
import type { Place } from './place.ts'
import { httpFailures } from './http-failures.ts'
import { otherFailures } from './other-failures.ts'
import { sshFailures } from './ssh-failures.ts'

/** A command that failed at its remote, in plain words; undefined where it was something else. */
export function remoteError(doing: string, said: readonly string[], place: Place): DeployError | undefined {
  const own = said.filter((line) => !line.startsWith('remote:')).join('\n')
  // What can't be written here is no fault of the remote, though git goes on to complain of an early EOF.
  if (isLocal.test(own)) return undefined
  // A lost connection is told last: git says so of every program that ended too early, whatever the reason was.
  for (const { when, code, text, hint } of [...httpFailures, ...sshFailures, ...otherFailures]) {
    const found = when.exec(own)
    if (!found) continue
    return new DeployError(code, `${doing}: ${text(place, found)}`, {
      hint: hint(place, found),
      output: said.slice(-20).map(withoutLogins),
    })
  }
  return undefined
}

const isLocal =
  /No space left on device|Read-only file system|Disk quota exceeded|insufficient permission|unable to (create|append|write)(?! to remote)/

/** A line of git's without the login that an address in it carries. */
export function withoutLogins(line: string): string {
  return line
    .replaceAll(/\b([a-z0-9+.-]+:\/\/)[^/?#\s']*@/gi, '$1')
    .replace(/^(?!git@)\S+@(\S+: Permission denied)/, '$1')
}
