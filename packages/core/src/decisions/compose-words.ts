/** Compose's last words on standard error, without what it quotes of an env file: a secret may stand there. */
export function composeWords(stderr: string): string | undefined {
  const last = stderr
    .split('\n')
    .findLast((line) => line.trim() !== '')
    ?.trim()
  if (last === undefined) return undefined
  const template = /^invalid interpolation format [^]*/m.exec(stderr)?.[0]
  if (template !== undefined) return template.trim().replaceAll(/\s*\n\s*/g, ' ')
  const [, file = '', said = last] = /^(failed to read .+?: )?(.*)$/.exec(last) ?? []
  const [, line, reason] =
    /^(line \d+: )(unterminated quoted value|unexpected character|key cannot contain a space|)/.exec(said) ??
    []
  // Only the parser of env files counts lines like this; the one of YAML writes `yaml: line 3: ...`.
  if (line !== undefined) return `${file}${line}${reason || 'it cannot be read'}`
  if (file === '') return last
  const required = /^required variable \w+ is missing a value/.exec(said)
  return `${file}${required?.[0] ?? 'it cannot be read'}`
}
