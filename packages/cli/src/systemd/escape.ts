import { DeployError } from '@fairway/core'

/** One word of `ExecStart=`: in quotes where it needs them, with no variable or specifier of systemd's in it. */
export function execWord(text: string): string {
  return environmentWord(text).replaceAll('$', () => '$$')
}

/** One assignment of `Environment=`, which knows no variables, but C's escapes. */
export function environmentWord(text: string): string {
  const escaped = percent(text)
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return isPlain(text) ? text : `"${escaped}"`
}

/** One path of a list such as `ReadWritePaths=`, which knows quotes, but no escapes for what ends a line. */
export function pathWord(path: string): string {
  refuseControls(path)
  const escaped = percent(path)
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
  return isPlain(path) ? path : `"${escaped}"`
}

/** The rest of a line, taken as it is but for specifiers: `WorkingDirectory=`, `LoadCredential=`. */
export function restOfLine(text: string): string {
  refuseControls(text)
  if (text !== text.trim() || text.endsWith('\\')) throw unusable(text)
  return percent(text)
}

function isPlain(text: string): boolean {
  return /^[\w/.,:@=+-]+$/.test(text)
}

function percent(text: string): string {
  return text.replaceAll('%', '%%')
}

function refuseControls(text: string): void {
  if (/\p{Cc}/u.test(text)) throw unusable(text)
}

function unusable(text: string): DeployError {
  return new DeployError(
    'files_failed',
    `Cannot write a unit with the path ${JSON.stringify(text)}: systemd has no way to write it`,
    { hint: 'Give it a name without line breaks, and without spaces or a backslash at its end' },
  )
}
