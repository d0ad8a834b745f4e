import { DeployError } from '../../errors.ts'
import type { Failure } from './failure.ts'
import type { Place } from './place.ts'
import { httpFailures } from './http-failures.ts'
import { otherFailures } from './other-failures.ts'
import { sshFailures } from './ssh-failures.ts'

/** A command that failed at its remote, in plain words; undefined where it was something else. */
export function remoteError(doing: string, said: readonly string[], place: Place): DeployError | undefined {
  const own = said.filter((line) => !line.startsWith('remote:')).join('\n')
  // What can't be written here is no fault of the remote, though git goes on to complain of an early EOF.
  if (isLocal.test(own)) return undefined
  // Only where git has no reason of its own does the remote's word count.
  const foundAt =
    find(own) ?? (/Could not read from remote repository/.test(own) ? find(said.join('\n')) : undefined)
  if (!foundAt) return undefined
  const { failure, found } = foundAt
  return new DeployError(failure.code, `${doing}: ${failure.text(place, found)}`, {
    hint: failure.hint(place, found),
    output: said.slice(-20).map(withoutLogins),
  })
}

function find(text: string): { readonly failure: Failure; readonly found: RegExpExecArray } | undefined {
  // A lost connection comes last: git tells it of every program that ended too early, whatever the reason was.
  for (const failure of [...httpFailures, ...sshFailures, ...otherFailures]) {
    const found = failure.when.exec(text)
    if (found) return { failure, found }
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
