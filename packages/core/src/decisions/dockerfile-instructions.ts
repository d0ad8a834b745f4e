/** `FROM busybox AS base`: the name in capitals, and the rest on one line. */
export interface Instruction {
  readonly name: string
  readonly rest: string
}

/** The instructions of a Dockerfile: lines that go on joined, comments and here-documents left out. */
export function dockerfileInstructions(text: string): readonly Instruction[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const goesOn = escapeOf(lines) === '`' ? /`[ \t]*$/ : /\\[ \t]*$/
  const found: Instruction[] = []
  let at = 0
  while (at < lines.length) {
    let whole = ''
    let more = true
    while (more && at < lines.length) {
      const line = lines[at++] ?? ''
      if (/^\s*#/.test(line) || (whole !== '' && line.trim() === '')) continue
      more = goesOn.test(line)
      whole += line.replace(goesOn, '')
    }
    const [, name = '', rest = ''] = /^\s*([A-Za-z]+)(?:\s+(.*))?$/s.exec(whole) ?? []
    if (name === '') continue
    found.push({ name: name.toUpperCase(), rest: rest.trim() })
    at = afterDocuments(name, rest, lines, at)
  }
  return found
}

/** `# escape=...` among the directives at the top. */
function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const [, key = '', value = ''] = /^#\s*(\w+)\s*=\s*(.+?)\s*$/.exec(line) ?? []
    if (key === '') return '\\'
    if (key.toLowerCase() === 'escape') return value
  }
  return '\\'
}

/** Where the here-documents of an instruction end (`RUN <<EOF`, `<<-"EOF"`); where one doesn't, Docker refuses the file. */
function afterDocuments(name: string, rest: string, lines: readonly string[], at: number): number {
  if (!/^(?:RUN|COPY|ADD)$/i.test(name)) return at
  let next = at
  for (const [, dash, , word = ''] of rest.matchAll(/<<(-?)(["']?)([A-Za-z_]\w*)\2/g)) {
    const end = lines.findIndex(
      (line, i) => i >= next && (dash === '-' ? line.replace(/^\t+/, '') : line) === word,
    )
    if (end !== -1) next = end + 1
  }
  return next
}
