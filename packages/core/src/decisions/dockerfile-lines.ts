/** One instruction of a Dockerfile: its word in capitals, and what follows it on its lines. */
export interface Instruction {
  readonly word: string
  readonly rest: string
}

/** The instructions of a Dockerfile, continued lines joined; undefined where its first lines change how it is to be read. */
export function dockerfileLines(text: string): readonly Instruction[] | undefined {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  for (const line of lines) {
    const [, directive] = /^\s*#\s*(\w+)\s*=/.exec(line) ?? []
    if (directive === undefined) break
    if (['syntax', 'escape'].includes(directive.toLowerCase())) return undefined
  }
  const instructions: Instruction[] = []
  let begun = ''
  for (const line of lines) {
    // Comments and empty lines may also stand between the lines of one instruction.
    if (/^\s*(#|$)/.test(line)) continue
    const [, part = line, more] = /^(.*?)(\\?)\s*$/.exec(line) ?? []
    begun += part
    if (more) continue
    instructions.push(instruction(begun))
    begun = ''
  }
  return begun === '' ? instructions : [...instructions, instruction(begun)]
}

function instruction(line: string): Instruction {
  const [, word = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(line) ?? []
  return { word: word.toUpperCase(), rest: rest.trim() }
}
