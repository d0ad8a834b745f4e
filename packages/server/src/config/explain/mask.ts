import { redact } from '../../log/redact.ts'
import { fits, type KeyPath } from '../key-path.ts'
import type { Origin } from './origin.ts'

/** Stands for a secret, however long that is. */
export const mask = '***'

export interface Shown {
  readonly at: KeyPath
  readonly value: unknown
  readonly origin: Origin
}

/** Whether nothing of a value may be seen: it stands where secrets stand, or came by a variable that sounds like one. */
export function isSecret({ at, value, origin }: Shown): boolean {
  if (value === undefined || value === null) return false
  return isSecretPlace(at) || (origin.variables ?? []).some(({ name }) => isSecretName(name))
}

/** Places that hold nothing but secrets. */
export function isSecretPlace(at: KeyPath): boolean {
  const isEntry =
    (at.length === 3 && fits(at.slice(0, 2), ['webhook', 'secrets'])) ||
    (at.length === 4 && fits(at.slice(0, 3), ['apps', '*', 'webhookSecrets']))
  const isVariable = fits(at, ['apps', '*', 'compose', 'environment', '*'])
  return isEntry || (isVariable && isSecretName(String(at.at(-1))))
}

/** Rather one too many: a masked value can be looked up, a shown one can't be taken back. */
export function isSecretName(name: string): boolean {
  return /PASS(WORD|WD|PHRASE)|(^|_)(PASS|PWD|PAT|AUTH)(_|$)|TOKEN|SECRET|KEY|CREDENTIAL|PRIVATE/i.test(name)
}

/** A value without the secrets that are known, and without logins of URLs. */
export function maskLogins(value: unknown, secrets: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => maskLogins(item, secrets))
  if (typeof value !== 'string') return value
  return redact(value, secrets)
    .replaceAll(/(\bhttps?:\/\/)[^\s/@?#]+@/gi, `$1${mask}@`)
    .replaceAll(/([?&][\w.-]*(?:token|secret|key|password|signature)[\w.-]*=)[^&#\s]+/gi, `$1${mask}`)
}
