import { DeployError } from '../../errors.ts'

/** Refuses what git would take for an option or doesn't allow in a ref, before anything is started (git-check-ref-format(1)). */
export function assertRefName(name: string): void {
  if (isRefName(name)) return
  throw new DeployError(
    'ref_not_found',
    `Cannot deploy ${JSON.stringify(name.slice(0, 100))}: it is not a valid name of a ref`,
    {
      hint: 'Give a full ref, a branch, a tag or a full SHA',
    },
  )
}

/** Whether git allows this as the name of a ref, and no command takes it for an option. */
export function isRefName(name: string): boolean {
  if (name.length === 0 || name.length > 255 || name.startsWith('-') || name.endsWith('.') || name === '@')
    return false
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/-/.test(name)) return false
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
}

export function isFullSha(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text)
}
